import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `Anthropic's messages` {
  private func body(_ more: String = "") -> String {
    #"{"model": "duo", "max_tokens": 300, "messages": [{"role": "user", "content": "Q"}]\#(more)}"#
  }

  private func post(_ body: String, _ path: String = "/v1/messages", text: String = reply) async throws -> Answer {
    let answers = AnswerBox()
    try await withServer(ServedModels.scripted(text).models) { server in
      answers.value = try await server.send("POST", path, body)
    }
    return try #require(answers.value)
  }

  @Test func `have the thinking before the text, and the exact costs`() async throws {
    let answer = try await post(body())
    #expect(answer.status == 200 && answer.headers["request-id"] == answer.headers["x-request-id"])
    let message = answer.json
    #expect(message["type"] as? String == "message" && message["stop_reason"] as? String == "end_turn")
    let blocks = try #require(message["content"] as? [[String: String]])
    #expect(blocks.map { $0["type"] } == ["thinking", "text"])
    #expect(blocks[0]["thinking"] == "Try 7 + 5 = 12.\n\nWait, 12 * 2 = 24." && blocks[0]["signature"] == "")
    #expect(blocks[1]["text"] == "The answer is 24.")
    let usage = try #require(message["usage"] as? [String: Int])
    let tandem = try #require(message["tandem"] as? [String: [String: Any]])
    let models = try #require(tandem["usage"]?["by_model"] as? [String: Any])
    let large = try #require(models["large"] as? [String: Any])
    #expect(usage["input_tokens"] == large["prompt"] as? Int && usage["cache_read_input_tokens"] == 0)
    #expect(usage["output_tokens"] == (large["thinking"] as? Int ?? 0) + (large["answer"] as? Int ?? 0))
  }

  @Test func `tell which text ended them`() async throws {
    let answer = try await post(body(#", "stop_sequences": ["is", "!"]"#))
    #expect(answer.json["stop_reason"] as? String == "stop_sequence")
    #expect(answer.json["stop_sequence"] as? String == "is")
  }

  @Test func `leave the thinking out if its display is omitted`() async throws {
    let answer = try await post(body(#", "thinking": {"type": "adaptive", "display": "omitted"}"#))
    let blocks = try #require(answer.json["content"] as? [[String: String]])
    #expect(blocks == [["type": "text", "text": "The answer is 24."]])
  }

  @Test func `are streamed block by block`() async throws {
    let answer = try await post(body(#", "stream": true"#))
    let chunks = answer.chunks
    let kinds = chunks.compactMap { $0["type"] as? String }.filter { $0 != "ping" }
    #expect(kinds.first == "message_start" && kinds.suffix(2) == ["message_delta", "message_stop"])
    #expect(answer.body.hasPrefix("event: message_start\ndata: "))
    var (open, texts) = (Int?.none, ["", ""])
    for chunk in chunks {
      switch chunk["type"] as? String {
      case "content_block_start":
        #expect(open == nil)
        open = chunk["index"] as? Int
      case "content_block_delta":
        #expect(chunk["index"] as? Int == open)
        let delta = try #require(chunk["delta"] as? [String: String])
        texts[try #require(open)] += delta["thinking"] ?? delta["text"] ?? ""
      case "content_block_stop":
        #expect(chunk["index"] as? Int == open)
        open = nil
      case "message_delta":
        #expect((chunk["delta"] as? [String: Any])?["stop_reason"] as? String == "end_turn")
        #expect((chunk["usage"] as? [String: Int])?["output_tokens"] ?? 0 > 40)
      default: break
      }
    }
    #expect(texts == ["Try 7 + 5 = 12.\n\nWait, 12 * 2 = 24.", "The answer is 24."])
  }

  @Test func `say that they were cut`() async throws {
    let answer = try await post(
      #"{"model": "duo", "max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "text", "text": "Q"}]}]}"#)
    #expect(answer.json["stop_reason"] as? String == "max_tokens")
  }

  @Test func `are counted before as they are told afterwards`() async throws {
    let conversation = #"""
      {"model": "duo", "system": [{"type": "text", "text": "Be brief."}], "messages": [
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "So.", "signature": ""}, {"type": "text", "text": "Yes."}]},
        {"role": "user", "content": [{"type": "text", "text": "Two?"}]}]
      """#
    let counted = try await post(conversation + "}", "/v1/messages/count_tokens").json["input_tokens"] as? Int
    let usage = try await post(conversation + #", "max_tokens": 100}"#).json["usage"] as? [String: Int]
    #expect(try #require(counted) > 10)
    #expect(counted == usage?["input_tokens"])
  }

  @Test(
    arguments: [
      (#"{"model": "duo", "messages": [{"role": "user", "content": "Q"}]}"#, 400, "'max_tokens' is missing."),
      (#"{"model": "duo", "max_tokens": 5, "messages": []}"#, 400, "'messages' must have at least one message."),
      (#"{"model": "dua", "max_tokens": 5, "messages": [{"role": "user", "content": "Q"}]}"#, 404, "dua"),
      (#"{"model": "duo", "max_tokens": 5, "messages": [{"role": "king", "content": "Q"}]}"#, 400, "messages[0].role"),
      (
        #"{"model": "duo", "max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "image"}]}]}"#, 400,
        "messages[0].content[0].type"
      ),
      (
        #"{"model": "duo", "max_tokens": 5, "messages": [{"role": "user", "content": "Q"}], "thinking": {"type": "enabled"}}"#,
        400, "'thinking.budget_tokens' is missing."
      ),
      (#"{"model": "duo", "max_tokens": 5, "messages": [{"role": "user", "content": "Q"}], "max": 1}"#, 400, "'max'"),
      (
        #"{"model": "duo", "max_tokens": 5, "system": "S", "messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "So."}]}]}"#,
        400, "'messages[1]'"
      ),
    ])
  func `have errors of their own form`(body: String, status: Int, words: String) async throws {
    let answer = try await post(body)
    #expect(answer.status == status && answer.json["type"] as? String == "error")
    let error = try #require(answer.json["error"] as? [String: String])
    #expect(error["type"] == (status == 404 ? "not_found_error" : "invalid_request_error"))
    #expect(error["message"]?.contains(words) == true)
  }

  @Test func `with tools become messages of assistant and tool`() throws {
    var members = try JSONMembers(
      body: Data(
        #"""
        {"role": "assistant", "content": [{"type": "text", "text": "Let me add."},
          {"type": "tool_use", "id": "t1", "name": "add", "input": {"b": 2, "a": 1}}]}
        """#.utf8))
    let call = ToolCall(id: "t1", name: "add", arguments: #"{"a":1,"b":2}"#)
    #expect(try Message.blocks(of: &members) == [Message(.assistant, "Let me add.", toolCalls: [call])])
    members = try JSONMembers(
      body: Data(
        #"""
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "3"}]},
          {"type": "text", "text": "And now?"}]}
        """#.utf8))
    #expect(try Message.blocks(of: &members) == [Message(.tool, "3", toolCallID: "t1"), Message(.user, "And now?")])
  }
}

/// Where a closure leaves what it got.
final class AnswerBox {
  var value: Answer?
}
