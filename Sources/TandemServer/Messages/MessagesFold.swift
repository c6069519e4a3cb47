import Foundation
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
    case .call(let call, _): try tell(call, &events)
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

  /// A call is a block of its own, which is complete at once.
  private mutating func tell(_ call: ToolCall, _ events: inout EventBuffer) throws {
    try close(&events)
    let index = JSONValue.integer(blocks)
    blocks += 1
    try tell("content_block_start", ["index": index, "content_block": .block(call, input: [:])], &events)
    let delta: JSONValue = ["type": "input_json_delta", "partial_json": .string(call.arguments)]
    try tell("content_block_delta", ["index": index, "delta": delta], &events)
    try tell("content_block_stop", ["index": index], &events)
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

// MARK: - What streams and whole messages have in common

extension ServedRun {
  /// What is known of a message before it is written.
  fileprivate var messageHead: [String: JSONValue] {
    [
      "id": .string(id), "type": "message", "role": "assistant", "model": .string(plans[0].model.name),
      "stop_sequence": nil,
    ]
  }

  /// What is known at its end.
  fileprivate func messageEnd(_ result: RunResult) throws -> [String: JSONValue] {
    [
      "stop_reason": .string(result.messagesStop), "stop_sequence": JSONValue(result.outcome.stop),
      "usage": [
        // What was found in the cache is apart from the rest of the prompt.
        "input_tokens": .integer(result.promptTokens - result.cachedTokens),
        "cache_read_input_tokens": .integer(result.cachedTokens), "cache_creation_input_tokens": 0,
        "output_tokens": .integer(result.completionTokens),
      ],
      "tandem": try JSONValue(encoding: RunDetails(run: ChatDetails(plans[0], result), usage: ChatCosts([result]))),
    ]
  }

  /// The whole message.
  func message(_ written: WrittenChoice, showsThinking: Bool) throws -> JSONValue {
    var blocks: [JSONValue] = []
    if showsThinking, !written.thinking.isEmpty { blocks.append(.block(.thinking, written.thinking)) }
    if !written.answer.isEmpty { blocks.append(.block(.answer, written.answer)) }
    for call in written.calls {
      blocks.append(.block(call, input: try JSONValue(parsing: Data(call.arguments.utf8))))
    }
    let end = try messageEnd(written.result)
    return .object(messageHead.merging(end) { $1 }.merging(["content": .array(blocks)]) { $1 })
  }
}

extension RunResult {
  /// `stop_reason`: "end_turn" if the answer was ended by its model, "tool_use" if it calls any tool, "stop_sequence" if
  /// it was ended by one of those, "max_tokens" if anything else cut it.
  fileprivate var messagesStop: String {
    guard isComplete else { return "max_tokens" }
    return calls > 0 ? "tool_use" : outcome.stop == nil ? "end_turn" : "stop_sequence"
  }
}

extension Segment {
  fileprivate var blockName: String { self == .thinking ? "thinking" : "text" }
}

extension JSONValue {
  /// A block of a message that calls a tool.
  fileprivate static func block(_ call: ToolCall, input: JSONValue) -> JSONValue {
    ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input]
  }

  /// A block of a message.
  fileprivate static func block(_ segment: Segment, _ text: String) -> JSONValue {
    segment == .thinking
      ? ["type": "thinking", "thinking": .string(text), "signature": ""] : ["type": "text", "text": .string(text)]
  }
}
