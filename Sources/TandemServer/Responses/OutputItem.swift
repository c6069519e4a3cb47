import Tandem
import TandemInference

/// A part of a response's output: the thinking, the message, or a call of a tool.
struct OutputItem {
  let segment: Segment
  /// Its place in the output.
  let index: Int
  let id: String
  var text = ""
  /// The call that it is, if it is one.
  var call: ToolCall?
  /// Whether something cut it.
  var isCut = false

  init(_ segment: Segment, index: Int, of response: String, text: String = "", isCut: Bool = false) {
    self.segment = segment
    self.index = index
    id = (segment == .thinking ? "rs" : "msg") + response.drop { $0 != "_" }
    self.text = text
    self.isCut = isCut
  }

  /// A call of a tool.
  init(_ call: ToolCall, index: Int, of response: String) {
    segment = .answer
    self.index = index
    id = "fc\(index)" + response.drop { $0 != "_" }
    self.call = call
  }

  /// The name of its text in events.
  var textName: String { segment == .thinking ? "response.reasoning_text" : "response.output_text" }

  /// `members` with the item's place.
  func place(_ members: [String: JSONValue]) -> [String: JSONValue] {
    var placed: [String: JSONValue] = [
      "item_id": .string(id), "output_index": .integer(index), "content_index": 0,
    ]
    if segment == .answer, members["part"] == nil { placed["logprobs"] = [] }
    return members.merging(placed) { $1 }
  }

  /// Its one part of content.
  func part(_ text: String) -> JSONValue {
    segment == .thinking
      ? ["type": "reasoning_text", "text": .string(text)]
      : ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
  }

  /// The item before anything is written.
  var begun: JSONValue { item("in_progress", []) }

  /// The item with all that was written.
  var whole: JSONValue { item(isCut ? "incomplete" : "completed", [part(text)]) }

  private func item(_ status: JSONValue, _ content: JSONValue) -> JSONValue {
    if let call {
      let arguments = status == "in_progress" ? "" : call.arguments
      return [
        "type": "function_call", "id": .string(id), "status": status, "call_id": .string(call.id),
        "name": .string(call.name), "arguments": .string(arguments),
      ]
    }
    return segment == .thinking
      ? ["type": "reasoning", "id": .string(id), "status": status, "summary": [], "content": content]
      : ["type": "message", "id": .string(id), "status": status, "role": "assistant", "content": content]
  }
}
