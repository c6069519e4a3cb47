/// How much a run may write.
public struct Budget: Sendable, Hashable, Codable {
  /// The most tokens of thinking, whoever wrote them, inserted ones included. Up to three more complete a character.
  /// With 0 the thinking is closed at once. A run has fewer if its models' windows are too small: see
  /// `Outcome.thinkingBudget`.
  public var thinkingTokens: Int
  /// The most tokens of the answer, reserved beside the thinking. Up to three more complete a character.
  public var answerTokens: Int
  /// Seconds for the whole run; nil for no limit. Checked between thoughts; if they are over between thinking and
  /// answer, neither is cut.
  public var seconds: Double?
  /// What happens to thinking that was cut.
  public var whenSpent: WhenSpent
  /// Extra tokens a thought may use to finish once the thinking budget is spent: a soft landing.
  public var landingTokens: Int
  /// The text that is inserted into thinking that was cut, before its delimiter.
  public var landingText: String
  /// The text that is inserted after the delimiter; nil for that of the model's format.
  public var answerPrefix: String?

  /// What happens to thinking that was cut.
  public enum WhenSpent: String, Sendable, Codable, CaseIterable {
    /// End the thinking with its delimiter, and let the answer be written. The outcome is still `isTruncated`.
    case answer
    /// Stop without an answer.
    case stop
  }

  /// A budget without a time limit or a landing unless told otherwise.
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

  /// The most tokens that any limit can ask for, which is more than any model's window.
  public static let mostTokens = 10_000_000

  /// Throws `invalidSetting` for the first limit that makes no sense.
  public func validate() throws(ReasoningError) {
    let limits = [
      ("thinkingTokens", thinkingTokens, 0), ("answerTokens", answerTokens, 1), ("landingTokens", landingTokens, 0),
    ]
    for (name, value, least) in limits {
      let domain = SettingDomain<Int>.range(least...Self.mostTokens)
      if let fault = domain.kind.fault(in: value.setting) { throw .invalidSetting(name: name, reason: fault) }
    }
    let time = SettingDomain<Double>.above(0, orInfinity: true)
    if let seconds, let fault = time.kind.fault(in: seconds.setting) {
      throw .invalidSetting(name: "seconds", reason: fault)
    }
  }
}

extension Budget {
  /// Reads a budget; a field that traces of earlier versions lack has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      thinkingTokens: try values.decodeCount(forKey: .thinkingTokens),
      answerTokens: try values.decodeCount(forKey: .answerTokens),
      seconds: try values.decodeIfPresent(Double.self, forKey: .seconds),
      whenSpent: try values.decode(WhenSpent.self, forKey: .whenSpent),
      landingTokens: try values.decodeCountIfPresent(forKey: .landingTokens) ?? 0,
      landingText: try values.decodeIfPresent(String.self, forKey: .landingText) ?? "",
      answerPrefix: try values.decodeIfPresent(String.self, forKey: .answerPrefix))
  }
}
