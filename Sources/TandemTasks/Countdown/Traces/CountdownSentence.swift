/// A sentence of a thought: what the search writes and the check reads.
package enum CountdownSentence: Sendable, Hashable {
  /// "Try 10 * 2 = 20."
  case attempt(CountdownStep)
  /// "Now 20, 7, 5."
  case left([Int])
  /// "Then 20 * 2 = 40, 20 + 2 = 22.": what two numbers make.
  case results([CountdownStep])
  /// "None makes 24."
  case noneMakes(Int)
  /// "Yes, that makes 24."
  case makes(Int)
  /// "Wait, back to 20, 7, 5."; "Back to 20, 7, 5." without a cue.
  case back(Cue?, to: [Int])
  /// "Hold on, 7 * 3 = 21, not 20."
  case correction(CountdownStep, not: Int)
  /// "Let me verify: 5 + 3 = 8, 8 * 3 = 24."; or, where the last of the steps was claimed to be something else:
  /// "Let me verify: 5 + 3 = 8, not 9."
  case check(Opening, [CountdownStep], not: Int?)
  /// "Correct."
  case correct
  /// "That is wrong."
  case wrong

  /// The words that a change of direction begins with.
  package enum Cue: String, Sendable, Hashable, CaseIterable {
    case wait = "Wait"
    case alternatively = "Alternatively"
  }

  /// The words that a check begins with. After a forced "Wait," a model should know one of them.
  package enum Opening: String, Sendable, Hashable, CaseIterable {
    case verify = "Let me verify"
    case wait = "Wait, let me check again"
    case holdOn = "Hold on, let me check again"
    case recap = "Let me recap"
  }
}

extension CountdownSentence: CustomStringConvertible {
  package var description: String {
    switch self {
    case .attempt(let step): "Try \(step)."
    case .left(let numbers): "Now \(numbers.spelled)."
    case .results(let steps): "Then \(steps.spelled)."
    case .noneMakes(let target): "None makes \(target)."
    case .makes(let target): "Yes, that makes \(target)."
    case .back(let cue?, let numbers): "\(cue.rawValue), back to \(numbers.spelled)."
    case .back(nil, let numbers): "Back to \(numbers.spelled)."
    case .correction(let step, let claim): "Hold on, \(step), not \(claim)."
    case .check(let opening, let steps, nil): "\(opening.rawValue): \(steps.spelled)."
    case .check(let opening, let steps, let claim?): "\(opening.rawValue): \(steps.spelled), not \(claim)."
    case .correct: "Correct."
    case .wrong: "That is wrong."
    }
  }
}

extension [CountdownStep] {
  /// "5 + 3 = 8, 8 * 3 = 24"
  var spelled: String { map(\.description).joined(separator: ", ") }

  /// Reads "5 + 3 = 8, 8 * 3 = 24"; nil for anything else.
  init?(spelled text: some StringProtocol) {
    self = []
    for part in text.split(separator: ", ", omittingEmptySubsequences: false) {
      guard let step = CountdownStep(part) else { return nil }
      append(step)
    }
  }
}
