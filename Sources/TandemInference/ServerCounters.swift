/// What a server was made to do for a session, as the server and this side of the wire count it.
///
/// The other counters say what an engine in this process would have done for the same work.
public struct ServerCounters: Sendable, Hashable, Codable {
  /// Calls, repeated ones once.
  public var calls = 0
  /// Tokens of prompts.
  public var prompt = 0
  /// Those of them that the server had in its cache; a server that does not say counts as having none.
  public var cached = 0
  /// Tokens that were received and used.
  public var sampled = 0
  /// Tokens that were received and not used: what came after the end that the client found.
  public var discarded = 0
  /// Seconds between sending a call and the first token of its answer, all in all.
  public var secondsToFirstToken = 0.0
  /// Seconds between sending a call and its end, all in all; calls at the same time count twice.
  public var seconds = 0.0

  /// Nothing yet.
  public init() {}

  /// The work of both.
  public static func + (a: Self, b: Self) -> Self { combine(a, b, +, +) }
  /// The work since `b` was read.
  public static func - (a: Self, b: Self) -> Self { combine(a, b, -, -) }

  private static func combine(
    _ a: Self, _ b: Self, _ count: (Int, Int) -> Int, _ time: (Double, Double) -> Double
  ) -> Self {
    var result = Self()
    result.calls = count(a.calls, b.calls)
    result.prompt = count(a.prompt, b.prompt)
    result.cached = count(a.cached, b.cached)
    result.sampled = count(a.sampled, b.sampled)
    result.discarded = count(a.discarded, b.discarded)
    result.secondsToFirstToken = time(a.secondsToFirstToken, b.secondsToFirstToken)
    result.seconds = time(a.seconds, b.seconds)
    return result
  }
}

extension ServerCounters? {
  /// The work of both; nil if no server did any.
  package static func + (a: Self, b: Self) -> Self { a == nil && b == nil ? nil : (a ?? .init()) + (b ?? .init()) }
  /// The work since `b` was read; nil if no server did any.
  package static func - (a: Self, b: Self) -> Self { a == nil && b == nil ? nil : (a ?? .init()) - (b ?? .init()) }
}
