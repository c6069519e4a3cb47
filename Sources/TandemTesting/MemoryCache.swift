import TandemInference

/// The accounts of a cache that does not exist: what it would hold, and what it would cost.
struct MemoryCache {
  private(set) var tokens: [Token] = []
  /// How many of `tokens` are evaluated; the last one may have been sampled and still be pending.
  private(set) var evaluated = 0
  /// After how many tokens the logits are known.
  private var rowCount = -1

  /// Tokens to evaluate, and how many of them the session sampled itself.
  struct Pending {
    var count = 0
    var own = 0
  }

  init() {}

  init(tokens: [Token], evaluated: Int) {
    self.tokens = tokens
    self.evaluated = evaluated
  }

  private var hasRow: Bool { rowCount == tokens.count && evaluated == tokens.count }

  /// Keeps what it holds of `target`, and returns what is missing.
  mutating func rewind(to target: [Token]) -> Pending {
    let common = tokens.commonPrefixCount(with: target)
    drop(from: common)
    guard common < target.count else { return Pending() }
    return Pending(count: target.count - evaluated, own: common == evaluated + 1 ? 1 : 0)
  }

  /// Notes that all of `tokens` are evaluated now, and the logits after them known.
  mutating func hold(_ tokens: [Token]) { (self.tokens, evaluated, rowCount) = (tokens, tokens.count, tokens.count) }

  mutating func append(_ token: Token) { tokens.append(token) }

  /// What the logits after the last token cost: nothing, the token just sampled, or the last one again.
  func pendingForRow() throws(EngineError) -> Pending {
    guard !tokens.isEmpty else {
      throw .invalidParameter(name: "tokens", reason: "must not be empty: extend the session first")
    }
    if hasRow { return Pending() }
    return Pending(count: 1, own: evaluated == tokens.count - 1 ? 1 : 0)
  }

  /// - Parameter keepsRow: Whether a later rewind to here finds the logits.
  mutating func evaluateRow(keepsRow: Bool) {
    evaluated = tokens.count
    if keepsRow { rowCount = tokens.count }
  }

  private mutating func drop(from count: Int) {
    tokens.removeLast(tokens.count - count)
    guard count < evaluated else { return }
    evaluated = count
    if rowCount > count { rowCount = -1 }
  }
}
