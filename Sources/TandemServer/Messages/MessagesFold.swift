import Tandem
import TandemInference

/// A run as the events of Anthropic's API: a block of thinking, a block of text, one after the other, and how it ended.
struct MessagesFold: RunFold {
  private let run: ServedRun
  private let showsThinking: Bool
  /// The block that is open.
  private var segment: Segment?
  /// How many blocks there were, the open one included.
  private var blocks = 0
  private var result: RunResult?

  init(_ run: ServedRun, showsThinking: Bool) {
    self.run = run
    self.showsThinking = showsThinking
  }

  func begin(_ events: inout EventBuffer) throws {
    var message = run.messageHead
    message["content"] = []
    message["stop_reason"] = nil as JSONValue
    let prompt = run.plans[0].promptTokens.values.max() ?? 0
    message["usage"] = ["input_tokens": .integer(prompt), "output_tokens": 0]
    try tell("message_start", ["message": .object(message)], &events)
    try ping(&events)
  }

  func ping(_ events: inout EventBuffer) throws { try tell("ping", [:], &events) }

  mutating func take(_ update: ChoiceUpdate, _ events: inout EventBuffer) throws {
    switch update.update {
    case .piece(let piece):
      guard showsThinking || piece.segment == .answer else { return }
      try open(piece.segment, &events)
      let kind = piece.segment.blockName
      try tell(
        "content_block_delta",
        ["index": .integer(blocks - 1), "delta": ["type": .string("\(kind)_delta"), kind: .string(piece.text)]], &events
      )
    case .call(let call, _):
      try close(&events)
      blocks += 1
      let index = JSONValue.integer(blocks - 1)
      try tell("content_block_start", ["index": index, "content_block": .block(call, input: [:])], &events)
      let delta: JSONValue = ["type": "input_json_delta", "partial_json": .string(call.arguments)]
      try tell("content_block_delta", ["index": index, "delta": delta], &events)
      try tell("content_block_stop", ["index": index], &events)
    case .event(let event): try events.send(event, event: "tandem")
    case .ended(let result): self.result = result
    }
  }

  mutating func finish(_ events: inout EventBuffer) throws {
    try close(&events)
    guard let result else { return }
    var delta = try run.messageEnd(result)
    let usage = delta.removeValue(forKey: "usage") ?? .null
    try tell("message_delta", ["delta": .object(delta), "usage": usage], &events)
    try tell("message_stop", [:], &events)
  }

  func fail(_ error: ServerError, _ events: inout EventBuffer) throws {
    try events.send(MessagesError(error), event: "error")
  }

  private mutating func open(_ segment: Segment, _ events: inout EventBuffer) throws {
    guard self.segment != segment else { return }
    try close(&events)
    self.segment = segment
    blocks += 1
    try tell(
      "content_block_start", ["index": .integer(blocks - 1), "content_block": .block(segment, "")], &events)
  }

  private mutating func close(_ events: inout EventBuffer) throws {
    guard segment != nil else { return }
    segment = nil
    try tell("content_block_stop", ["index": .integer(blocks - 1)], &events)
  }

  private func tell(_ type: String, _ members: [String: JSONValue], _ events: inout EventBuffer) throws {
    try events.send(members.merging(["type": .string(type)]) { $1 }, event: type)
  }
}
