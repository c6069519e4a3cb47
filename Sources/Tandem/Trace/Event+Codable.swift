// One JSON object an event, which its "event" key names: a line of a trace.
extension Event: Codable {
  private enum Kind: String, Codable {
    case started, text, accepted, rejected, selected, finished, failed
    case handedOver = "handed-over"
  }

  private enum CodingKeys: String, CodingKey {
    case event, header, thought, reason, selection, to, outcome, code, message, text, author, segment, tentative, path
  }

  /// Writes the event as one JSON object.
  public func encode(to encoder: any Encoder) throws {
    var line = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .started(let header):
      try line.encode(Kind.started, forKey: .event)
      try line.encode(header, forKey: .header)
    case .text(let delta):
      try line.encode(Kind.text, forKey: .event)
      try line.encode(delta.text, forKey: .text)
      try line.encode(delta.author, forKey: .author)
      try line.encode(delta.segment, forKey: .segment)
      try line.encode(delta.isTentative, forKey: .tentative)
      try line.encodeIfPresent(delta.path, forKey: .path)
    case .accepted(let thought):
      try line.encode(Kind.accepted, forKey: .event)
      try line.encode(thought, forKey: .thought)
    case .rejected(let thought, let reason):
      try line.encode(Kind.rejected, forKey: .event)
      try line.encode(thought, forKey: .thought)
      try line.encode(reason, forKey: .reason)
    case .selected(let selection):
      try line.encode(Kind.selected, forKey: .event)
      try line.encode(selection, forKey: .selection)
    case .handedOver(let role, let reason):
      try line.encode(Kind.handedOver, forKey: .event)
      try line.encode(role, forKey: .to)
      try line.encode(reason, forKey: .reason)
    case .finished(let outcome):
      try line.encode(Kind.finished, forKey: .event)
      try line.encode(outcome, forKey: .outcome)
    case .failed(let code, let message):
      try line.encode(Kind.failed, forKey: .event)
      try line.encode(code, forKey: .code)
      try line.encode(message, forKey: .message)
    }
  }

  /// Reads the event from one JSON object.
  public init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: CodingKeys.self)
    switch try line.decode(Kind.self, forKey: .event) {
    case .started: self = .started(try line.decode(TraceHeader.self, forKey: .header))
    case .text:
      self = .text(
        TextDelta(
          text: try line.decode(String.self, forKey: .text), author: try line.decode(Author.self, forKey: .author),
          segment: try line.decode(Segment.self, forKey: .segment),
          isTentative: try line.decode(Bool.self, forKey: .tentative),
          path: try line.decodeCountIfPresent(forKey: .path)))
    case .accepted: self = .accepted(try line.decode(Thought.self, forKey: .thought))
    case .rejected:
      self = .rejected(
        try line.decode(Thought.self, forKey: .thought), try line.decode(Reason.self, forKey: .reason))
    case .selected: self = .selected(try line.decode(Selection.self, forKey: .selection))
    case .handedOver:
      self = .handedOver(to: try line.decode(Role.self, forKey: .to), try line.decode(Reason.self, forKey: .reason))
    case .finished: self = .finished(try line.decode(Outcome.self, forKey: .outcome))
    case .failed:
      self = .failed(
        code: try line.decode(String.self, forKey: .code), message: try line.decode(String.self, forKey: .message))
    }
  }
}
