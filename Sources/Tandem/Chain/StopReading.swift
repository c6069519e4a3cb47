/// How close a model came to ending its thinking after a blank line.
///
/// TS (arXiv:2505.07961, Sec. 3) is based on it: at these places the end of thinking was among the five most likely
/// tokens in 87.5 % of cases, and not drawn.
public struct StopReading: Sendable, Hashable, Codable {
  /// The number of tokens of the thought before it.
  public let position: Int
  /// The rank of the end of thinking among all tokens; 1 is the most likely.
  public let rank: Int
  /// Its probability in the model's own distribution.
  public let probability: Float

  /// A reading.
  public init(position: Int, rank: Int, probability: Float) {
    self.position = position
    self.rank = rank
    self.probability = probability
  }
}

/// How close the author of a thought came to ending the thinking.
public struct StopReadings: Sendable, Hashable, Codable {
  /// The readings after blank lines, in order.
  public var afterBlankLines: [StopReading] = []
  /// The number of tokens at which the logit was below 0, so that dividing it by T < 1 works against the stop.
  public var negative = 0

  /// No readings.
  public init() {}

  /// Whether there is nothing to record.
  public var isEmpty: Bool { afterBlankLines.isEmpty && negative == 0 }
}

extension StopReading {
  /// Reads a reading.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      position: try values.decodeCount(forKey: .position), rank: try values.decodeCount(forKey: .rank),
      probability: try values.decode(Float.self, forKey: .probability))
  }
}

extension StopReadings {
  /// Reads the readings of a thought.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    afterBlankLines = try values.decode([StopReading].self, forKey: .afterBlankLines)
    negative = try values.decodeCount(forKey: .negative)
  }
}
