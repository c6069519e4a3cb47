/// How near a model was to ending its thinking, where it could have: after a blank line.
///
/// What TS (arXiv:2505.07961, Sec. 3) rests on: at these places the end of thinking was among the five likeliest tokens
/// in 87.5 % of cases, and not drawn.
public struct StopReading: Sendable, Hashable, Codable {
  /// Tokens of the thought before it.
  public let position: Int
  /// The rank of the end of thinking among all tokens; 1 is the likeliest.
  public let rank: Int
  /// Its probability in the model's own distribution.
  public let probability: Float

  public init(position: Int, rank: Int, probability: Float) {
    self.position = position
    self.rank = rank
    self.probability = probability
  }
}

/// What a thought tells about the end of thinking.
public struct StopReadings: Sendable, Hashable, Codable {
  public var afterBlankLines: [StopReading] = []
  /// At how many of its tokens the logit was below 0, where dividing it by T < 1 works against the stop.
  public var negative = 0

  public init() {}

  public var isEmpty: Bool { afterBlankLines.isEmpty && negative == 0 }
}
