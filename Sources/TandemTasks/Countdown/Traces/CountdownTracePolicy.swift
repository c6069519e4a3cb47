/// How documents are made that a tiny model learns to reason from: every number of it.
///
/// The defaults are those of the built-in pair. 160,000 documents of theirs, 4.2 % of which are too long and left out: 158
/// tokens; of those whose thinking is whole, 6.4 thoughts, 3.1 with a cue word, 1.2 of these a way back, and 0.07 not
/// learned. Tokens with the effort that is asked for: low 149, medium 172, high 204, none 162.
package struct CountdownTracePolicy: Sendable, Hashable, Codable {
  // MARK: - Problems

  /// How many problems have three numbers; the others have four.
  package var threeNumberShare = 0.2

  // MARK: - The search

  /// How often a move is one from which the target can still be made …
  package var goodMove = 0.45
  /// … and after `patience` dead ends.
  package var goodMoveLater = 0.75
  package var patience = 2
  /// How often a state from which the target can't be made is left on the way back.
  package var leavesHopeless = 0.5
  /// How often the way back begins with a cue word. The fewer do, the less a large model takes over.
  package var cueAtTurn = 1.0
  /// A trace with more dead ends than this is thrown away, and another problem taken.
  package var deadEndLimit = 8

  // MARK: - Mistakes

  /// How many traces may have a mistake in them. It is read, and never learned; its correction is.
  package var mistakeShare = 0.12
  /// The weights of the kinds of mistake.
  package var mistakes: [CountdownMistake: Double] = [.slip: 1, .hiddenSlip: 1, .falseSuccess: 1]
  /// The probability that a move is the one with the slip when a slip is due.
  package var slipAtMove = 0.4
  /// The probability that a dead end is mistaken for a success when a false success is due.
  package var falseSuccessAtDeadEnd = 0.6

  // MARK: - Length

  /// The weights of 0, 1, 2 … checks of what is right already: overthinking, which can be unlearned.
  package var checks = [0.2, 0.35, 0.3, 0.15]
  /// How many questions ask for an effort.
  package var effortShare = 0.3
  /// What an effort changes: the weights of 0, 1, 2 … checks.
  package var checksAtEffort: [CountdownEffort: [Double]] = [.low: [1], .medium: [0, 1], .high: [0, 0, 0.5, 0.5]]
  /// How many traces are cut at some thought and answered at once: a model learns to answer when it is made to, and
  /// does not learn to stop early.
  package var truncatedShare = 0.1
  /// A document with more tokens than this is left out.
  package var tokenLimit = 360

  package init() {}
}

/// What may go wrong in a trace.
package enum CountdownMistake: String, Sendable, Hashable, Codable, CaseIterable {
  /// A wrong result that the next thought corrects.
  case slip
  /// A wrong result that is noticed only when the target seems to be made.
  case hiddenSlip = "hidden-slip"
  /// A dead end that is mistaken for the target.
  case falseSuccess = "false-success"
}
