/// Changes the logits of a step before the sampler's temperature and filters see them.
///
/// A value: it is copied into the engine's loop with the request, and called there once a token.
public protocol LogitProcessor: Sendable {
  /// - Parameters:
  ///   - logits: One row, `[vocabulary size]`, of raw logits.
  ///   - tokens: The sequence so far, prompt included.
  func process(_ logits: inout MutableSpan<Float>, after tokens: [Token])

  /// What it adds to the logits of some tokens, if that is the same for every row; −∞ forbids one. Nil if it depends on
  /// the row: then only an engine with `logits` can use it.
  var bias: [Token: Float]? { get }
}

extension LogitProcessor {
  /// It depends on the row.
  public var bias: [Token: Float]? { nil }
}

/// Forbids tokens by setting their logits to −∞.
public struct TokenBan: LogitProcessor {
  /// What is forbidden.
  public let tokens: [Token]

  /// Forbids `tokens`.
  public init(_ tokens: [Token]) { self.tokens = tokens }

  /// −∞ for each.
  public var bias: [Token: Float]? { Dictionary(tokens.map { ($0, -.infinity) }) { first, _ in first } }

  /// Sets their logits to −∞.
  public func process(_ logits: inout MutableSpan<Float>, after _: [Token]) {
    for token in tokens where logits.indices.contains(Int(token.rawValue)) {
      logits[Int(token.rawValue)] = -.infinity
    }
  }
}
