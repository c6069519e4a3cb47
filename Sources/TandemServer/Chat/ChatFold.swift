import Foundation
import Tandem

/// A run as a stream of `chat.completion.chunk`: role, thinking, answer and end of each choice, then the usage.
struct ChatFold: RunFold {
  private let run: ServedRun
  private let created: Int
  private let includesUsage: Bool
  private var results: [RunResult] = []
  /// What a chunk of each choice begins with, up to its text. Most chunks differ in nothing but that.
  private let beginnings: [(thinking: String, answer: String)]

  init(_ run: ServedRun, created: Int, includesUsage: Bool) throws {
    self.run = run
    self.created = created
    self.includesUsage = includesUsage
    let model = String(decoding: try JSONEncoder.compact.encode(run.plans[0].model.name), as: UTF8.self)
    beginnings = run.plans.indices.map { index in
      let beginning =
        "{\"id\":\"\(run.id)\",\"object\":\"chat.completion.chunk\",\"created\":\(created),\"model\":\(model),"
        + "\"choices\":[{\"index\":\(index),\"finish_reason\":null,\"delta\":{"
      return (beginning + "\"reasoning_content\":", beginning + "\"content\":")
    }
  }

  func begin(_ events: inout EventBuffer) throws {
    for index in run.plans.indices { try events.send(chunk(index, .init(role: "assistant", content: ""))) }
  }

  mutating func take(_ update: ChoiceUpdate, _ events: inout EventBuffer) throws {
    let index = update.choice
    switch update.update {
    case .piece(let piece):
      let beginning = piece.segment == .thinking ? beginnings[index].thinking : beginnings[index].answer
      events.send(piece.text, between: beginning, and: "}}]}")
    case .call(let call, let number):
      try events.send(chunk(index, .init(toolCalls: [ChatToolCall(call, index: number)])))
    case .event(let event):
      var chunk = chunk(index, .init())
      chunk.tandem = .init(event: event)
      try events.send(chunk)
    case .ended(let result):
      results.append(result)
      var chunk = chunk(index, .init(), finish: result.chatFinish)
      chunk.choices[0].tandem = ChatDetails(run.plans[index], result)
      chunk.choices[0].logprobs = result.logProbabilities
      try events.send(chunk)
    }
  }

  func finish(_ events: inout EventBuffer) throws {
    if includesUsage {
      var last = Chunk(id: run.id, created: created, model: run.plans[0].model.name)
      last.usage = ChatUsage(results)
      last.tandem = .init(usage: ChatCosts(results))
      try events.send(last)
    }
    events.send(text: "[DONE]")
  }

  private func chunk(_ index: Int, _ delta: Chunk.Delta, finish: String? = nil) -> Chunk {
    var chunk = Chunk(id: run.id, created: created, model: run.plans[0].model.name)
    chunk.choices = [.init(index: index, delta: delta, finishReason: finish)]
    return chunk
  }
}

/// One event of the stream.
private struct Chunk: Encodable {
  let id: String
  let object = "chat.completion.chunk"
  let created: Int
  let model: String
  var choices: [Choice] = []
  var usage: ChatUsage?
  var tandem: Extra?

  struct Choice: Encodable {
    let index: Int
    let delta: Delta
    let finishReason: String?
    var tandem: ChatDetails?
    /// Those of the whole answer, in the last chunk of a choice.
    var logprobs: ChatLogProbabilities?

    enum CodingKeys: String, CodingKey {
      case index, delta, tandem, logprobs
      case finishReason = "finish_reason"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(index, forKey: .index)
      try values.encode(delta, forKey: .delta)
      try values.encode(finishReason, forKey: .finishReason)  // null until the end
      try values.encodeIfPresent(tandem, forKey: .tandem)
      try values.encodeIfPresent(logprobs, forKey: .logprobs)
    }
  }

  struct Delta: Encodable {
    var role: String?
    var content: String?
    var toolCalls: [ChatToolCall]?

    enum CodingKeys: String, CodingKey {
      case role, content
      case toolCalls = "tool_calls"
    }
  }

  struct Extra: Encodable {
    var event: TimedEvent?
    var usage: ChatCosts?
  }

  enum CodingKeys: String, CodingKey { case id, object, created, model, choices, usage, tandem }
}
