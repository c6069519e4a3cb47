/// A search for a solution, thought by thought, and what came of it.
package struct CountdownTrace: Sendable, Hashable {
  package var thoughts: [CountdownThought]
  /// Steps that make the target.
  package let solution: [CountdownStep]
}

/// A thought of a trace.
package struct CountdownThought: Sendable, Hashable {
  package let sentences: [CountdownSentence]
  /// Whether a model is to learn it; mistakes are only read.
  package var isLearned = true

  package var text: String { sentences.map(\.description).joined(separator: " ") }
}
