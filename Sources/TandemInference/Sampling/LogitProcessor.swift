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

  /// The tokens whose logits it divides by a temperature, if that is all it does. Nil if it does something else: then an
  /// engine without `logits` can only use it if it is a constant bias.
  var scaling: LogitScaling? { get }
}

extension LogitProcessor {
  /// It depends on the row.
  public var bias: [Token: Float]? { nil }
  /// It does something else.
  public var scaling: LogitScaling? { nil }
}

/// A temperature T of single tokens: z / T for a logit above 0, z · T below, so that T < 1 always makes them likelier.
public struct LogitScaling: Sendable, Hashable {
  /// Which tokens.
  public let tokens: [Token]
  /// T, which is above 0.
  public let temperature: Float

  /// A temperature of `tokens`.
  public init(of tokens: [Token], temperature: Float) {
    self.tokens = tokens
    self.temperature = temperature
  }
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
