import Tandem

/// How much a request lets a run write, as far as it says.
struct RunLimits: Sendable, Hashable {
  /// The most tokens of thinking and answer together.
  var tokens: Int?
  /// The most tokens of thinking, and the member of the request that says so.
  private(set) var thinking: (tokens: Int, name: String)?
  /// How much of the model's thinking budget to use, and the member that says so.
  private(set) var effort: (level: RunEffort, name: String)?

  init() {}

  static func == (a: Self, b: Self) -> Bool {
    a.tokens == b.tokens && a.thinking?.tokens == b.thinking?.tokens && a.effort?.level == b.effort?.level
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(tokens)
    hasher.combine(thinking?.tokens)
    hasher.combine(effort?.level)
  }

  /// Notes a thinking budget that the member `name` gives. Throws if another one gives another number.
  mutating func setThinking(_ tokens: Int?, _ name: String) throws(ServerError) {
    guard let tokens else { return }
    if let thinking, thinking.tokens != tokens { throw Self.conflict(thinking.name, name) }
    thinking = (tokens, name)
  }

  /// Notes an effort that the member `name` gives. Throws if another one gives another effort.
  mutating func setEffort(_ level: RunEffort?, _ name: String) throws(ServerError) {
    guard let level else { return }
    if let effort, effort.level != level { throw Self.conflict(effort.name, name) }
    effort = (level, name)
  }

  /// The budget of a run with a model that has `base`, a window of `window` tokens, and a prompt of `prompt`.
  ///
  /// An effort is a share of the model's thinking budget. What is asked for in all keeps a reserve for the answer: a
  /// quarter, and at most the model's own answer, or more if the thinking can't use the rest. A model that does not mark
  /// its thinking writes nothing but the answer, as thinking: nothing is reserved.
  ///
  /// Throws if an effort and a thinking budget differ.
  func budget(over base: Budget, window: Int, prompt: Int, isUnmarked: Bool) throws(ServerError) -> Budget {
    var budget = base
    let ofEffort = effort.map { $0.level.tokens(of: base.thinkingTokens, window: window) }
    if let thinking, let effort, let ofEffort, thinking.tokens != ofEffort {
      throw Self.conflict(thinking.name, effort.name)
    }
    budget.thinkingTokens = min(thinking?.tokens ?? ofEffort ?? base.thinkingTokens, Budget.mostTokens)
    guard let tokens else { return budget }
    let reserve = isUnmarked ? 0 : min(base.answerTokens, max(1, tokens / 4))
    budget.thinkingTokens = min(budget.thinkingTokens, max(0, tokens - reserve))
    // What is left by the most that may be thought is the answer's, as far as it fits.
    let room = window - prompt - budget.thinkingTokens - Self.margin
    budget.answerTokens = max(1, reserve, min(tokens - budget.thinkingTokens, room))
    return budget
  }

  /// Tokens that close the thinking before an answer.
  private static let margin = 32

  private static func conflict(_ a: String, _ b: String) -> ServerError {
    .invalid("'\(a)' and '\(b)' say different things. Give one of them.", b)
  }
}

/// How hard to think: a share of the model's thinking budget.
enum RunEffort: String, Sendable, CaseIterable {
  case none, minimal, low, medium, high, xhigh, max

  /// The tokens of thinking.
  func tokens(of budget: Int, window: Int) -> Int {
    switch self {
    case .none: 0
    case .minimal: Swift.max(1, budget / 8)
    case .low: Swift.max(1, budget / 4)
    case .medium: Swift.max(1, budget / 2)
    case .high: budget
    case .xhigh, .max: Swift.max(budget, window)
    }
  }
}
