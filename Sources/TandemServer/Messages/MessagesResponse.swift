import Tandem
import TandemInference

extension ServedRun {
  /// What is known of a message before it is written.
  var messageHead: [String: JSONValue] {
    [
      "id": .string(id), "type": "message", "role": "assistant", "model": .string(plans[0].model.name),
      "stop_sequence": nil,
    ]
  }

  /// What is known at its end.
  func messageEnd(_ result: RunResult) throws -> [String: JSONValue] {
    [
      "stop_reason": .string(result.messagesStop), "stop_sequence": nil,
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
    blocks += written.calls.map { .block($0, input: JSONValue(text: $0.arguments)) }
    let end = try messageEnd(written.result)
    return .object(messageHead.merging(end) { $1 }.merging(["content": .array(blocks)]) { $1 })
  }
}

extension RunResult {
  /// `stop_reason`: "end_turn" if the answer was ended by its model, "tool_use" if it calls any, "max_tokens" if anything
  /// cut it.
  fileprivate var messagesStop: String { isComplete ? calls > 0 ? "tool_use" : "end_turn" : "max_tokens" }
}

extension Segment {
  var blockName: String { self == .thinking ? "thinking" : "text" }
}

extension JSONValue {
  /// A block that calls a tool.
  static func block(_ call: ToolCall, input: JSONValue) -> JSONValue {
    ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input]
  }

  /// A block of a message.
  static func block(_ segment: Segment, _ text: String) -> JSONValue {
    segment == .thinking
      ? ["type": "thinking", "thinking": .string(text), "signature": ""] : ["type": "text", "text": .string(text)]
  }
}
