import Tandem

/// What a document asks for beside the answer, in exactly the words that the strategies send. None of them tells a model
/// when to stop, or whether it is right.
package enum WordInstruction: String, Sendable, Hashable, Codable, CaseIterable {
  /// How much thinking, as TLDR's three lengths.
  case effort
  /// Chain of Draft: at most five words a step.
  case draft
  /// ConciseHint: to be brief, said in the middle of the thinking.
  case hint
  /// CoThink's planner: an outline without any calculation.
  case outline
  /// CoThink's solver: the answer along an outline.
  case alongOutline = "along-outline"
  /// SpecReason's judge: a mark from 0 to 9 for the last step.
  case mark

  static let concise = ConciseHint().hint
  static let drafting = ChainOfDraft().instruction
  static let judging = SpecReason().question
  static let markBeginning = SpecReason().beginning

  static func outlineRequest(_ question: String) -> String {
    CoThink().planRequest.replacing("{question}", with: question)
  }

  static func request(_ question: String, along outline: String) -> String {
    CoThink().solveRequest.replacing("{question}", with: question).replacing("{outline}", with: outline)
  }
}

extension WordSolver {
  /// How to solve it, without numbers: "1. Look up Tom's apples."
  func outline(of problem: WordProblem) -> String {
    let relations = problem.relations
    return needed.enumerated().map { place, quantity in
      let verb =
        switch relations[quantity]?.kind.operation {
        case nil: "Look up"
        case .plus: "Add to get"
        case .minus: "Subtract to get"
        case .times: "Multiply to get"
        case .dividedBy: "Divide to get"
        }
      return "\(place + 1). \(verb) \(quantity.name)."
    }.joined(separator: "\n")
  }
}
