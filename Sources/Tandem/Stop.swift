/// Where a model is to put the pen down. It always does at the end of its turn.
public struct Stop: Sendable, Hashable {
  /// After a blank line.
  var atBoundary: Bool
  /// After this many tokens.
  var tokens: Int?
  /// Whether it goes on from thinking into the answer, or stops between them.
  var crossesIntoAnswer: Bool

  /// At a blank line: a thought of at most `tokens` tokens.
  public static func boundary(atMost tokens: Int? = nil) -> Self {
    Self(atBoundary: true, tokens: tokens, crossesIntoAnswer: false)
  }

  /// After this many tokens, wherever that is.
  public static func tokens(_ count: Int) -> Self { Self(atBoundary: false, tokens: count, crossesIntoAnswer: true) }

  /// At the end of the thinking, or of the answer.
  public static let endOfSegment = Self(atBoundary: false, tokens: nil, crossesIntoAnswer: false)
}
