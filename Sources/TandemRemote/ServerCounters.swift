import Synchronization

/// What a server was made to do, as it reports it itself, beside what sessions count.
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
  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.calls += b.calls
    sum.prompt += b.prompt
    sum.cached += b.cached
    sum.sampled += b.sampled
    sum.discarded += b.discarded
    sum.secondsToFirstToken += b.secondsToFirstToken
    sum.seconds += b.seconds
    return sum
  }
}
