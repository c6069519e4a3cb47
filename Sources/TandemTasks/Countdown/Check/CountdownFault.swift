/// Something in a thought that isn't so.
package struct CountdownFault: Sendable, Hashable, Codable {
  package let kind: Kind
  /// What was said and what would be right: "7 * 3 is 21, not 20".
  package let reason: String
  /// The sentence that it is in. A thought may have many: a model that thinks alone writes all in one.
  package internal(set) var sentence = ""

  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A sentence of no known form.
    case unreadable
    /// A step with a wrong result.
    case wrongArithmetic = "wrong-arithmetic"
    /// A step with a number that isn't there.
    case missingNumber = "missing-number"
    /// "Now …" with other numbers than the step leaves.
    case wrongState = "wrong-state"
    /// A return to numbers that were never there.
    case unknownState = "unknown-state"
    /// A step that was tried from the same numbers before. A waste, and not wrong.
    case repeatedStep = "repeated-step"
    /// Another target than the question's.
    case wrongTarget = "wrong-target"
    /// "None makes …" where one does.
    case missedSolution = "missed-solution"
    /// "Yes, that makes …" where it does not.
    case falseSuccess = "false-success"
    /// A correction of something that was never said, or was right.
    case baselessCorrection = "baseless-correction"
    /// A check with the wrong verdict.
    case falseCheck = "false-check"
    /// An answer that does not make the target.
    case wrongAnswer = "wrong-answer"
  }

  package var isWrong: Bool { kind != .repeatedStep }

  init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
