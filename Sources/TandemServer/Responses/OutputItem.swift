import Tandem

/// A part of a response's output: the thinking, or the message.
struct OutputItem {
  let segment: Segment
  /// Its place in the output.
  let index: Int
  let id: String
  var text = ""
  /// Whether something cut it.
  var isCut = false

  init(_ segment: Segment, index: Int, of response: String, text: String = "", isCut: Bool = false) {
    self.segment = segment
    self.index = index
    id = (segment == .thinking ? "rs" : "msg") + response.drop { $0 != "_" }
    self.text = text
    self.isCut = isCut
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
    segment == .thinking
      ? ["type": "reasoning", "id": .string(id), "status": status, "summary": [], "content": content]
      : ["type": "message", "id": .string(id), "status": status, "role": "assistant", "content": content]
  }
}
