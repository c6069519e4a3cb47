import Foundation
import Tandem
import TandemInference
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `OpenAI's responses` {
  private func post(_ more: String = "", text: String = reply) async throws -> Answer {
    let answers = AnswerBox()
    try await withServer(ServedModels.scripted(text).models) { server in
      let body = #"{"model": "duo"\#(more.contains(#""input""#) ? "" : #", "input": "Q""#)\#(more)}"#
      answers.value = try await server.send("POST", "/v1/responses", body)
    }
    return try #require(answers.value)
  }

  private func texts(_ output: Any?) -> [String: String] {
    let items = output as? [[String: Any]] ?? []
    return Dictionary(
      items.map { item in
        let parts = item["content"] as? [[String: Any]] ?? []
        return (item["type"] as? String ?? "", parts.compactMap { $0["text"] as? String }.joined())
      }
    ) { $1 }
  }

  private let written = [
    "reasoning": "Try 7 + 5 = 12.\n\nWait, 12 * 2 = 24.", "message": "The answer is 24.",
  ]

  @Test func `have the thinking and the message as items`() async throws {
    let response = try await post().json
    #expect(response["status"] as? String == "completed" && response["error"] is NSNull)
    #expect(response["store"] as? Bool == false)
    #expect(texts(response["output"]) == written)
    let usage = try #require(response["usage"] as? [String: Any])
    let count = { (name: String) in usage[name] as? Int ?? -1 }
    #expect(count("total_tokens") == count("input_tokens") + count("output_tokens"))
    let details = try #require(usage["output_tokens_details"] as? [String: Int])
    #expect(details["reasoning_tokens"] ?? 0 > 20 && details["reasoning_tokens"] ?? 0 < count("output_tokens"))
  }

  @Test func `are streamed step by step, numbered in order`() async throws {
    let answer = try await post(#", "stream": true"#)
    let chunks = answer.chunks
    #expect(chunks.map { $0["sequence_number"] as? Int } == Array(0..<chunks.count))
    let kinds = chunks.compactMap { $0["type"] as? String }
    #expect(kinds.prefix(2) == ["response.created", "response.in_progress"] && kinds.last == "response.completed")
    var (deltas, open) = (["reasoning": "", "message": ""], String?.none)
    for chunk in chunks {
      let kind = chunk["type"] as? String ?? ""
      let item = (chunk["item"] as? [String: Any])?["id"] as? String
      if kind == "response.output_item.added" {
        #expect(open == nil)
        open = item
      } else if kind == "response.output_item.done" {
        #expect(open == item)
        open = nil
      } else if kind.hasSuffix(".delta") {
        #expect(chunk["item_id"] as? String == open)
        deltas[kind.contains("reasoning") ? "reasoning" : "message", default: ""] += chunk["delta"] as? String ?? ""
      }
    }
    #expect(deltas == written)
    let last = try #require(chunks.last?["response"] as? [String: Any])
    #expect(texts(last["output"]) == written)
    for part in ["content_part.added", "content_part.done", "output_text.done", "reasoning_text.done"] {
      #expect(kinds.contains("response.\(part)"))
    }
  }

  @Test(arguments: [false, true])
  func `that were cut are incomplete`(streams: Bool) async throws {
    let answer = try await post(#", "max_output_tokens": 8, "stream": \#(streams)"#)
    let response = streams ? try #require(answer.chunks.last?["response"] as? [String: Any]) : answer.json
    #expect(response["status"] as? String == "incomplete")
    #expect((response["incomplete_details"] as? [String: String]) == ["reason": "max_output_tokens"])
    if streams { #expect(answer.chunks.last?["type"] as? String == "response.incomplete") }
  }

  @Test func `have an empty message if there is no answer`() async throws {
    let answer = try await post(#", "stream": true"#, text: "So.</think><|im_end|>")
    let response = try #require(answer.chunks.last?["response"] as? [String: Any])
    #expect(texts(response["output"]) == ["reasoning": "So.", "message": ""])
  }

  @Test func `read a conversation from its items`() throws {
    let items = #"""
      [{"role": "user", "content": [{"type": "input_text", "text": "2 + 3?"}]},
       {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Add."}]},
       {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "add", "arguments": "{}", "status": "completed"},
       {"type": "function_call_output", "call_id": "c1", "output": "5"},
       {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
        "content": [{"type": "output_text", "text": "5", "annotations": []}]},
       {"role": "user", "content": "4 + 5?"}]
      """#
    let request = try ResponsesRequest(Data(#"{"model": "duo", "instructions": "Be brief.", "input": \#(items)}"#.utf8))
    #expect(
      request.run.messages == [
        Message(.system, "Be brief."), Message(.user, "2 + 3?"),
        Message(
          .assistant, "", reasoning: "Add.", toolCalls: [ToolCall(id: "c1", name: "add", arguments: "{}")]),
        Message(.tool, "5", toolCallID: "c1"), Message(.assistant, "5"), Message(.user, "4 + 5?"),
      ])
  }

  @Test(
    arguments: [
      (#", "previous_response_id": "resp_1""#, "previous_response_id"), (#", "background": true"#, "background"),
      (#", "input": [{"type": "item_reference", "id": "x"}]"#, "input[0].type"), (#", "input": []"#, "input"),
      (
        #", "instructions": "S", "input": [{"role": "user", "content": "Q"}, {"type": "function_call_output", "call_id": "c", "output": "3"}]"#,
        "input[1]"
      ),
      (#", "include": ["message.output_text.logprobs"]"#, "include[0]"), (#", "max_tokens": 5"#, "max_tokens"),
      (#", "text": {"format": {"type": "yaml"}}"#, "text.format.type"),
    ])
  func `refuse what they can't do`(more: String, param: String) async throws {
    let answer = try await post(more)
    #expect(answer.status == 400)
    #expect((answer.json["error"] as? [String: Any])?["param"] as? String == param)
  }
}
