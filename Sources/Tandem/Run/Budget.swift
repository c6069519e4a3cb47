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
  /// How many tokens more a thought may take to come to its end when the thinking is spent: a soft landing.
  public var landingTokens: Int
  /// What is inserted into thinking that was cut, before its delimiter.
  public var landingText: String
  /// What is inserted after the delimiter; nil for what the model's format has there.
  public var answerPrefix: String?

  public enum WhenSpent: String, Sendable, Codable, CaseIterable {
    /// End the thinking with its delimiter, and let the answer be written. The outcome still says `isTruncated`.
    case answer
    /// Stop without an answer.
    case stop
  }

  public init(
    thinkingTokens: Int = 4096, answerTokens: Int = 1024, seconds: Double? = nil, whenSpent: WhenSpent = .answer,
    landingTokens: Int = 0, landingText: String = "", answerPrefix: String? = nil
  ) {
    self.thinkingTokens = thinkingTokens
    self.answerTokens = answerTokens
    self.seconds = seconds
    self.whenSpent = whenSpent
    self.landingTokens = landingTokens
    self.landingText = landingText
    self.answerPrefix = answerPrefix
  }

  /// The most tokens that any limit may be: more than any model's window, and far from where sums overflow.
  public static let mostTokens = 1 << 24

  /// The most tokens that a run may add to its prompt, inserted ones aside.
  var tokens: Int { thinkingTokens + landingTokens + answerTokens }

  /// Throws `ReasoningError.invalidSetting`, naming the first limit that makes no sense.
  public func validate() throws(ReasoningError) {
    let limits = [
      ("thinkingTokens", thinkingTokens, 1), ("answerTokens", answerTokens, 1), ("landingTokens", landingTokens, 0),
    ]
    for (name, value, least) in limits where !(least...Self.mostTokens).contains(value) {
      throw .invalid(name, "must be from \(least) to \(Self.mostTokens), not \(value)")
    }
    if let seconds, !(seconds > 0) { throw .invalid("seconds", "must be above 0, not \(seconds)") }
  }
}

extension Budget {
  /// What traces of earlier versions lack has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      thinkingTokens: try values.decode(Int.self, forKey: .thinkingTokens),
      answerTokens: try values.decode(Int.self, forKey: .answerTokens),
      seconds: try values.decodeIfPresent(Double.self, forKey: .seconds),
      whenSpent: try values.decode(WhenSpent.self, forKey: .whenSpent),
      landingTokens: try values.decodeIfPresent(Int.self, forKey: .landingTokens) ?? 0,
      landingText: try values.decodeIfPresent(String.self, forKey: .landingText) ?? "",
      answerPrefix: try values.decodeIfPresent(String.self, forKey: .answerPrefix))
  }
}
