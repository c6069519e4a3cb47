/// How much a run may write.
public struct Budget: Sendable, Hashable, Codable {
  /// The most tokens of thinking, by whomever and inserted ones included.
  public var thinkingTokens: Int
  /// The most tokens of the answer, kept free beside the thinking.
  public var answerTokens: Int
  /// Seconds for the whole run; nil for no limit. Checked between thoughts.
  public var seconds: Double?
  /// What happens to thinking that was cut.
  public var whenSpent: WhenSpent

  public enum WhenSpent: String, Sendable, Codable, CaseIterable {
    /// End the thinking with its delimiter, and let the answer be written. The outcome still says `isTruncated`.
    case answer
    /// Stop without an answer.
    case stop
  }

  public init(
    thinkingTokens: Int = 4096, answerTokens: Int = 1024, seconds: Double? = nil, whenSpent: WhenSpent = .answer
  ) {
    self.thinkingTokens = thinkingTokens
    self.answerTokens = answerTokens
    self.seconds = seconds
    self.whenSpent = whenSpent
  }

  func validate() throws(ReasoningError) {
    guard thinkingTokens >= 1 else { throw .invalid("thinking-budget", "must be at least 1, not \(thinkingTokens)") }
    guard answerTokens >= 1 else { throw .invalid("answer-budget", "must be at least 1, not \(answerTokens)") }
    if let seconds, !(seconds > 0) { throw .invalid("deadline", "must be above 0 seconds, not \(seconds)") }
  }
}
