/// A thought about a word problem.
package struct WordThought: Sendable, Hashable {
  /// What was inserted directly before it, without white space between them, and is read and never learned: a hint. Its
  /// control tokens are text.
  package var inserted: String?
  package let sentences: [WordSentence]
  /// Whether a model is to learn it; mistakes are only read.
  package var isLearned = true
  /// How right it is, from 0 to 9, as a judge should mark it.
  package var mark = 9

  package var text: String { sentences.map(\.description).joined(separator: " ") }
}

/// What may go wrong in the thinking about a word problem.
package enum WordMistake: String, Sendable, Hashable, Codable, CaseIterable {
  /// A wrong result that the next thought corrects.
  case slip
  /// A sentence of the story taken for another: fewer for more.
  case misreading
  /// A wrong result that only a check finds.
  case hiddenSlip = "hidden-slip"
}

/// How a thinking is written.
enum WordStyle: Sendable, Hashable {
  /// What is needed is looked up in the story, and then calculated.
  case full
  /// Along an outline: what is needed is quoted in its order, and nothing is looked for.
  case planned
  /// The calculations alone, five words each.
  case draft
}
