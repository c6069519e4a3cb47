import Foundation
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `Tools in messages and responses` {
  private let answer =
    "Hm.</think>I add.\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 2}}\n</tool_call><|im_end|>"

  private var models: ServedModels {
    ServedModels.scripted(answer, options: MemoryOptions(template: ToolTemplate())).models
  }

  private let messages = """
    {"model": "duo", "max_tokens": 400, "messages": [{"role": "user", "content": "Q"}], "tools": [{"name": "add", \
    "input_schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}], "tool_choice": {"type": "auto"}
    """
  private let responses = """
    {"model": "duo", "input": "Q", "tools": [{"type": "function", "name": "add", "strict": true, "parameters": \
    {"type": "object", "properties": {"a": {"type": "integer"}}}}], "parallel_tool_calls": true
    """

  @Test func `are blocks of a message`() async throws {
    try await withServer(models) { server in
      let found = try await server.send("POST", "/v1/messages", messages + "}")
      let blocks = try #require(found.json["content"] as? [[String: Any]], "\(found.body)")
      #expect(blocks.compactMap { $0["type"] as? String } == ["thinking", "text", "tool_use"])
      #expect(blocks[1]["text"] as? String == "I add." && blocks[2]["name"] as? String == "add")
      #expect((blocks[2]["input"] as? [String: Int]) == ["a": 2] && found.json["stop_reason"] as? String == "tool_use")
    }
  }

  @Test func `are blocks of a stream, one after the other`() async throws {
    try await withServer(models) { server in
      let events = try await server.send("POST", "/v1/messages", messages + ", \"stream\": true}").chunks
      let starts = events.compactMap { $0["content_block"] as? [String: Any] }
      #expect(starts.compactMap { $0["type"] as? String } == ["thinking", "text", "tool_use"])
      let places = events.filter { ["content_block_start", "content_block_stop"].contains($0["type"] as? String) }
      #expect(places.compactMap { $0["index"] as? Int } == [0, 0, 1, 1, 2, 2])
      let deltas = events.compactMap { ($0["delta"] as? [String: Any])?["partial_json"] as? String }
      #expect(deltas.joined() == #"{"a": 2}"#)
      #expect(events.contains { ($0["delta"] as? [String: Any])?["stop_reason"] as? String == "tool_use" })
    }
  }

  @Test func `are items of a response`() async throws {
    try await withServer(models) { server in
      let found = try await server.send("POST", "/v1/responses", responses + "}")
      let items = try #require(found.json["output"] as? [[String: Any]], "\(found.body)")
      #expect(items.compactMap { $0["type"] as? String } == ["reasoning", "message", "function_call"])
      #expect(items[2]["arguments"] as? String == #"{"a": 2}"# && items[2]["name"] as? String == "add")
      #expect(Set(items.compactMap { $0["id"] as? String }).count == 3)
    }
  }

  @Test func `are items of a stream, in the order of their events`() async throws {
    try await withServer(models) { server in
      let events = try await server.send("POST", "/v1/responses", responses + ", \"stream\": true}").chunks
      #expect(events.compactMap { $0["sequence_number"] as? Int } == Array(events.indices))
      let types = events.compactMap { $0["type"] as? String }.filter { $0.contains("function_call") }
      #expect(types == ["response.function_call_arguments.delta", "response.function_call_arguments.done"])
      let added = events.filter { $0["type"] as? String == "response.output_item.added" }
      #expect(added.compactMap { $0["output_index"] as? Int } == [0, 1, 2])
      #expect(events.count { $0["type"] as? String == "response.output_item.done" } == 3)
      let output = (events.last?["response"] as? [String: Any])?["output"] as? [[String: Any]]
      #expect(output?.count == 3 && events.last?["type"] as? String == "response.completed")
    }
  }
}
