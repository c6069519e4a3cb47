/// Something in a thought about a word problem that isn't so.
package struct WordFault: Sendable, Hashable, Codable {
  package let kind: Kind
  /// What was said and what would be right.
  package let reason: String

  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A sentence of no known form.
    case unreadable
    /// Another goal than the question's.
    case wrongGoal = "wrong-goal"
    /// A sentence that the story does not have.
    case wrongQuote = "wrong-quote"
    /// A calculation with a wrong result.
    case wrongArithmetic = "wrong-arithmetic"
    /// A calculation that the story does not ask for, or with other numbers than were found.
    case wrongTerm = "wrong-term"
    /// A quantity that the answer does not need. A waste, and not wrong.
    case unneeded
    /// A correction of something that was never said, or was right.
    case baselessCorrection = "baseless-correction"
    /// A check of what was not calculated, or with the wrong verdict.
    case falseCheck = "false-check"
    /// Something said to be missing that is there.
    case notMissing = "not-missing"
    /// An answer that is not the right one.
    case wrongAnswer = "wrong-answer"
  }

  package var isWrong: Bool { kind != .unneeded }

  init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
