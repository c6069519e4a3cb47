import Tandem
import TandemInference

/// A run as the events of OpenAI's responses: an item of thinking, then a message, each in the steps that its clients
/// expect, numbered in order.
struct ResponsesFold: RunFold {
  private let run: ServedRun
  private let response: ResponseObject
  private var items: [OutputItem] = []
  /// Whether the last item is still written.
  private var isOpen = false
  private var result: RunResult?
  private var number = 0

  init(_ run: ServedRun, _ response: ResponseObject) {
    self.run = run
    self.response = response
  }

  mutating func begin(_ events: inout EventBuffer) throws {
    let begun = response.whole(.inProgress, [])
    try tell("response.created", ["response": begun], &events)
    try tell("response.in_progress", ["response": begun], &events)
  }

  mutating func take(_ update: ChoiceUpdate, _ events: inout EventBuffer) throws {
    switch update.update {
    case .piece(let piece):
      if !isOpen || items.last?.segment != piece.segment {
        try closeItem(&events)
        try openItem(piece.segment, &events)
      }
      items[items.count - 1].text += piece.text
      let item = items[items.count - 1]
      try tell("\(item.textName).delta", item.place(["delta": .string(piece.text)]), &events)
    case .call(let call, _): try tell(call, &events)
    case .event(let event): try events.send(event, event: "tandem")
    case .ended(let result): self.result = result
    }
  }

  mutating func finish(_ events: inout EventBuffer) throws {
    guard let result else { return }
    if items.last?.segment != .answer {
      try closeItem(&events)
      try openItem(.answer, &events)
    }
    if isOpen { items[items.count - 1].isCut = !result.isComplete }
    try closeItem(&events)
    let status = ResponseObject.Status(result)
    try tell("response.\(status.rawValue)", ["response": try response.whole(status, items, result, run)], &events)
  }

  mutating func fail(_ error: ServerError, _ events: inout EventBuffer) throws {
    try tell("response.failed", ["response": response.failed(error, items)], &events)
  }

  // MARK: - Items

  /// A call is complete at once.
  private mutating func tell(_ call: ToolCall, _ events: inout EventBuffer) throws {
    try closeItem(&events)
    let item = OutputItem(call, index: items.count, of: run.id)
    items.append(item)
    let place: [String: JSONValue] = ["item_id": .string(item.id), "output_index": .integer(item.index)]
    try tell("response.output_item.added", ["output_index": .integer(item.index), "item": item.begun], &events)
    let name = "response.function_call_arguments"
    try tell("\(name).delta", place.merging(["delta": .string(call.arguments)]) { $1 }, &events)
    try tell(
      "\(name).done", place.merging(["arguments": .string(call.arguments), "name": .string(call.name)]) { $1 }, &events)
    try tell("response.output_item.done", ["output_index": .integer(item.index), "item": item.whole], &events)
  }

  private mutating func openItem(_ segment: Segment, _ events: inout EventBuffer) throws {
    let item = OutputItem(segment, index: items.count, of: run.id)
    items.append(item)
    isOpen = true
    try tell("response.output_item.added", ["output_index": .integer(item.index), "item": item.begun], &events)
    try tell("response.content_part.added", item.place(["part": item.part("")]), &events)
  }

  private mutating func closeItem(_ events: inout EventBuffer) throws {
    guard isOpen, let item = items.last else { return }
    isOpen = false
    try tell("\(item.textName).done", item.place(["text": .string(item.text)]), &events)
    try tell("response.content_part.done", item.place(["part": item.part(item.text)]), &events)
    try tell("response.output_item.done", ["output_index": .integer(item.index), "item": item.whole], &events)
  }

  private mutating func tell(
    _ type: String, _ members: [String: JSONValue], _ events: inout EventBuffer
  ) throws {
    let numbered: [String: JSONValue] = ["type": .string(type), "sequence_number": .integer(number)]
    try events.send(members.merging(numbered) { $1 }, event: type)
    number += 1
  }
}
