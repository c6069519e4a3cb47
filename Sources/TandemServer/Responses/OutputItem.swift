import Tandem
import TandemInference

/// A part of a response's output.
struct OutputItem {
  let kind: Kind
  /// Its place in the output.
  let index: Int
  let id: String
  /// What was written of it; of a call, its arguments.
  var text = ""
  /// Whether something cut it.
  var isCut = false

  enum Kind: Equatable {
    case thinking, message
    case call(ToolCall)

    init(_ segment: Segment) { self = segment == .thinking ? .thinking : .message }
  }

  init(_ kind: Kind, index: Int, of response: String, text: String = "", isCut: Bool = false) {
    self.kind = kind
    self.index = index
    let prefix =
      switch kind {
      case .thinking: "rs"
      case .message: "msg"
      case .call: "fc\(index)"
      }
    id = prefix + response.drop { $0 != "_" }
    self.text = text
    self.isCut = isCut
  }

  /// The name of its text in events.
  var textName: String {
    switch kind {
    case .thinking: "response.reasoning_text"
    case .message: "response.output_text"
    case .call: "response.function_call_arguments"
    }
  }

  /// Whether its text is a part of its content.
  var hasParts: Bool { kind == .thinking || kind == .message }

  /// `members` with the item's place.
  func place(_ members: [String: JSONValue]) -> [String: JSONValue] {
    var placed: [String: JSONValue] = ["item_id": .string(id), "output_index": .integer(index)]
    if hasParts { placed["content_index"] = 0 }
    if kind == .message, members["part"] == nil { placed["logprobs"] = [] }
    return members.merging(placed) { $1 }
  }

  /// Its one part of content.
  func part(_ text: String) -> JSONValue {
    kind == .thinking
      ? ["type": "reasoning_text", "text": .string(text)]
      : ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
  }

  /// The item before anything is written.
  var begun: JSONValue { item("in_progress", [], arguments: "") }

  /// The item with all that was written.
  var whole: JSONValue { item(isCut ? "incomplete" : "completed", [part(text)], arguments: text) }

  private func item(_ status: JSONValue, _ content: JSONValue, arguments: String) -> JSONValue {
    switch kind {
    case .thinking:
      ["type": "reasoning", "id": .string(id), "status": status, "summary": [], "content": content]
    case .message:
      ["type": "message", "id": .string(id), "status": status, "role": "assistant", "content": content]
    case .call(let call):
      [
        "type": "function_call", "id": .string(id), "status": status, "call_id": .string(call.id),
        "name": .string(call.name), "arguments": .string(arguments),
      ]
    }
  }
}
