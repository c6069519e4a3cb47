import TandemInference

/// Where a model stops writing. It always does at the end of its turn.
public struct Stop: Sendable, Hashable {
  /// After a blank line.
  var atBoundary: Bool
  /// How many thoughts it may write, if each of them but the last ends with a blank line.
  var boundaries = 1
  /// After this many tokens.
  var tokens: Int?
  /// Whether it continues from the thinking into the answer, or stops between them.
  var crossesIntoAnswer: Bool
  /// The most tokens of an answer that it crosses into; nil if `tokens` counts all.
  var answerTokens: Int?
  /// After any of these texts; the token that completes one is written.
  var texts: [String] = []
  /// When its entropy crosses this.
  var entropy: EntropyBound?
  /// Whether the strategy may cut off what the model stops at: a text, or the character at which its entropy crosses.
  var mayDropItsEnd = false

  /// At a blank line: a thought of at most `tokens` tokens.
  public static func boundary(atMost tokens: Int? = nil) -> Self {
    Self(atBoundary: true, tokens: tokens, crossesIntoAnswer: false)
  }

  /// At the last of `count` blank lines, or at the end of a thought that is cut: each has at most `tokens` tokens.
  static func boundaries(_ count: Int, eachAtMost tokens: Int) -> Self {
    var stop = boundary(atMost: tokens)
    stop.boundaries = count
    return stop
  }

  /// After this many tokens, even in the middle of a thought; up to three more complete a character, as at every limit.
  public static func tokens(_ count: Int) -> Self { Self(atBoundary: false, tokens: count, crossesIntoAnswer: true) }

  /// The same, with at most `tokens` tokens of an answer that it crosses into.
  func answering(atMost tokens: Int) -> Self {
    var stop = self
    if answerTokens != nil { stop.answerTokens = tokens }
    return stop
  }

  /// At the end of the turn: at most `tokens` tokens of thinking, and the answer.
  public static func endOfTurn(thinking tokens: Int? = nil) -> Self {
    Self(atBoundary: false, tokens: tokens, crossesIntoAnswer: true, answerTokens: .max)
  }

  /// At the end of the thinking, or of the answer.
  public static let endOfSegment = Self.endOfSegment(atMost: nil)

  /// At the end of the thinking, or of the answer, or after `tokens` tokens.
  public static func endOfSegment(atMost tokens: Int?) -> Self {
    Self(atBoundary: false, tokens: tokens, crossesIntoAnswer: false)
  }

  /// The same, or as soon as one of `texts` is written. What may be one of them is streamed as tentative, so that the
  /// strategy may cut it off.
  public func orAfter(_ texts: [String]) -> Self {
    var stop = self
    stop.texts += texts
    stop.mayDropItsEnd = true
    return stop
  }

  /// The same, or as soon as the model's entropy crosses `bound`.
  func orAt(_ bound: EntropyBound, mayDropIt: Bool) -> Self {
    var stop = self
    stop.entropy = bound
    stop.mayDropItsEnd = stop.mayDropItsEnd || mayDropIt
    return stop
  }
}
