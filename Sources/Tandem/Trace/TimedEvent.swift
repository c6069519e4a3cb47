/// An event and its time.
public struct TimedEvent: Sendable, Hashable {
  /// What happened.
  public let event: Event
  /// Seconds since the run began, to the microsecond; nil in traces of earlier versions.
  public let at: Double?

  /// An event; without a time unless given.
  public init(_ event: Event, at: Double? = nil) {
    self.event = event
    self.at = at
  }
}

// The event's own JSON object, with one more key.
extension TimedEvent: Codable {
  private enum CodingKeys: String, CodingKey { case at }

  /// Writes the event and its time as one JSON object.
  public func encode(to encoder: any Encoder) throws {
    try event.encode(to: encoder)
    var line = encoder.container(keyedBy: CodingKeys.self)
    try line.encodeIfPresent(at, forKey: .at)
  }

  /// Reads the event and its time from one JSON object.
  public init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try Event(from: decoder), at: try line.decodeIfPresent(Double.self, forKey: .at))
  }
}
