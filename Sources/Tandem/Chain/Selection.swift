/// A choice among drafts, and the scores behind it: an event of a trace.
public struct Selection: Sendable, Hashable, Codable {
  /// How it was chosen.
  public var method: Method
  /// A number for each draft, in the order in which they were drawn; higher is better. For labels, probabilities.
  public var scores: [Double]
  /// The number for "all are wrong", if that can be chosen.
  public var rejection: Double?
  /// The index of the chosen draft, in the order in which they were drawn; nil if none was good enough.
  public var chosen: Int?
  /// The order in which the drafts were shown to the model.
  public var order: [Int]
  /// Whether an adapter that was trained to choose was on (SCoT's Table 2 has a row of its own for "w/o tuning").
  public var isTuned: Bool
  /// The drafts; nil for other choices, and in traces of earlier versions.
  public var drafts: [Draft]?

  /// How a choice is made: a word for traces and people. Each strategy adds its own.
  public struct Method: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
  {
    /// The word.
    public let rawValue: String

    /// A method by its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The same as a literal.
    public init(stringLiteral value: String) { rawValue = value }

    /// The word.
    public var description: String { rawValue }
  }

  /// A choice; without a trained adapter unless told otherwise.
  public init(
    method: Method, scores: [Double], rejection: Double? = nil, chosen: Int?, order: [Int], isTuned: Bool = false
  ) {
    self.method = method
    self.scores = scores
    self.rejection = rejection
    self.chosen = chosen
    self.order = order
    self.isTuned = isTuned
  }
}

extension Selection {
  /// Reads a choice. Throws `dataCorrupted` if it is none of those that have scores.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      method: try values.decode(Method.self, forKey: .method),
      scores: try values.decode([Double].self, forKey: .scores),
      rejection: try values.decodeIfPresent(Double.self, forKey: .rejection),
      chosen: try values.decodeIfPresent(Int.self, forKey: .chosen),
      order: try values.decode([Int].self, forKey: .order),
      isTuned: try values.decode(Bool.self, forKey: .isTuned))
    drafts = try values.decodeIfPresent([Draft].self, forKey: .drafts)
    if let chosen, !scores.indices.contains(chosen) {
      throw DecodingError.dataCorruptedError(
        forKey: .chosen, in: values, debugDescription: "'chosen' is \(chosen), and there are \(scores.count) scores")
    }
  }
}
