/// The accounts of a cache that is somewhere else, or nowhere: what it holds, and what it costs to evaluate the rest.
///
/// For engines whose cache this process does not see: servers, and the models of tests.
package struct CacheAccounts {
  package private(set) var tokens: [Token] = []
  /// How many of `tokens` are evaluated; the last one may have been sampled and still be pending.
  package private(set) var evaluated = 0
  /// After how many tokens the logits are known.
  private var rowCount = -1

  /// Tokens to evaluate, and how many of them the session sampled itself.
  package struct Pending: Sendable {
    package var count = 0
    package var own = 0

    package init(count: Int = 0, own: Int = 0) { (self.count, self.own) = (count, own) }
  }

  package init() {}

  package init(tokens: [Token], evaluated: Int) {
    self.tokens = tokens
    self.evaluated = evaluated
  }

  private var hasRow: Bool { rowCount == tokens.count && evaluated == tokens.count }

  /// Keeps what it holds of `target`, and returns what is missing.
  package mutating func rewind(to target: [Token]) -> Pending {
    let common = tokens.commonPrefixCount(with: target)
    drop(from: common)
    guard common < target.count else { return Pending() }
    return Pending(count: target.count - evaluated, own: common == evaluated + 1 ? 1 : 0)
  }

  /// Notes that all of `tokens` are evaluated now, and the logits after them known.
  package mutating func hold(_ tokens: [Token]) {
    (self.tokens, evaluated, rowCount) = (tokens, tokens.count, tokens.count)
  }

  package mutating func append(_ token: Token) { tokens.append(token) }

  /// Notes that `more` were evaluated after all others; the logits before them stay known.
  package mutating func append(evaluated more: [Token]) {
    tokens += more
    evaluated = tokens.count
  }

  /// What the logits after the last token cost: nothing, the token just sampled, or the last one again.
  package func pendingForRow() throws(EngineError) -> Pending {
    guard !tokens.isEmpty else {
      throw .invalidParameter(name: "tokens", reason: "must not be empty: extend the session first")
    }
    if hasRow { return Pending() }
    return Pending(count: 1, own: evaluated == tokens.count - 1 ? 1 : 0)
  }

  /// - Parameter keepsRow: Whether a later rewind to here finds the logits.
  package mutating func evaluateRow(keepsRow: Bool) {
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
