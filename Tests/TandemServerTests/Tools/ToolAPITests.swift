import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `Tools in other APIs` {
  private static let call = #"<tool_call>\#n{"name": "add", "arguments": {"a": 2}}\#n</tool_call>"#
  private static let schema = #"{"type": "object", "properties": {"a": {"type": "integer"}}}"#

  private func post(_ path: String, _ body: String) async throws -> Answer {
    let models = ServedModels.scripted(
      "Hm.</think>I add.\n\(Self.call)<|im_end|>", options: MemoryOptions(template: ToolTemplate()))
    return try await withServer(models.models) { try await $0.send("POST", path, body) }
  }

  @Test(arguments: [false, true])
  func `are blocks of Anthropic's messages`(streams: Bool) async throws {
    let answer = try await post(
      "/v1/messages",
      #"""
      {"model": "duo", "max_tokens": 300, "stream": \#(streams), "messages": [{"role": "user", "content": "Q"}],
       "tools": [{"name": "add", "input_schema": \#(Self.schema)}]}
      """#)
    guard streams else {
      #expect(answer.json["stop_reason"] as? String == "tool_use")
      let blocks = try #require(answer.json["content"] as? [[String: Any]])
      #expect(blocks.compactMap { $0["type"] as? String } == ["thinking", "text", "tool_use"])
      #expect(blocks.last?["name"] as? String == "add")
      #expect(blocks.last?["input"] as? [String: Int] == ["a": 2])
      return
    }
    let starts = answer.chunks.compactMap { ($0["content_block"] as? [String: Any])?["type"] as? String }
    #expect(starts == ["thinking", "text", "tool_use"])
    let arguments = answer.chunks.compactMap { ($0["delta"] as? [String: Any])?["partial_json"] as? String }
    #expect(arguments == [#"{"a": 2}"#])
    #expect(answer.chunks.filter { $0["type"] as? String == "content_block_stop" }.count == 3)
  }

  @Test(arguments: [false, true])
  func `are items of OpenAI's responses`(streams: Bool) async throws {
    let answer = try await post(
      "/v1/responses",
      #"""
      {"model": "duo", "max_output_tokens": 300, "stream": \#(streams), "input": "Q",
       "tools": [{"type": "function", "name": "add", "parameters": \#(Self.schema), "strict": true}]}
      """#)
    let response = streams ? try #require(answer.chunks.last?["response"] as? [String: Any]) : answer.json
    #expect(response["status"] as? String == "completed")
    let items = try #require(response["output"] as? [[String: Any]])
    #expect(items.compactMap { $0["type"] as? String } == ["reasoning", "message", "function_call"])
    #expect(items.last?["arguments"] as? String == #"{"a": 2}"#)
    guard streams else { return }
    let kinds = answer.chunks.compactMap { $0["type"] as? String }
    #expect(kinds.contains("response.function_call_arguments.delta"))
    #expect(kinds.contains("response.function_call_arguments.done"))
    #expect(kinds.filter { $0 == "response.output_item.done" }.count == 3)
  }

  @Test func `that have to be called and are not there are an error`() async throws {
    let answer = try await post(
      "/v1/messages",
      #"{"model": "duo", "max_tokens": 300, "messages": [{"role": "user", "content": "Q"}], "tool_choice": {"type": "any"}}"#
    )
    #expect(answer.status == 400)
  }
}
