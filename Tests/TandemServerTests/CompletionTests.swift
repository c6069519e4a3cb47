import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `Completions` {
  private func complete(_ members: String, text: String = "six and seven<|im_end|>", count: Int = 40) async throws
    -> Answer
  {
    let served = ServedModels.scripted(text, count: count)
    return try await withServer(served.models) { server in
      try await server.send("POST", "/v1/completions", #"{"model": "duo", \#(members)}"#)
    }
  }

  private func choices(_ answer: Answer) throws -> [[String: Any]] {
    try #require(answer.json["choices"] as? [[String: Any]], "\(answer.body)")
  }

  @Test func `continue a text with one model`() async throws {
    let answer = try await complete(#""prompt": "Q", "max_tokens": 100"#)
    let choice = try #require(try choices(answer).first)
    #expect(choice["text"] as? String == "six and seven" && choice["finish_reason"] as? String == "stop")
    let usage = try #require(answer.json["usage"] as? [String: Int])
    #expect(usage == ["prompt_tokens": 1, "completion_tokens": 14, "total_tokens": 15])
  }

  @Test func `end before a stop text, or at their limit`() async throws {
    let stopped = try #require(try choices(try await complete(#""prompt": "Q", "stop": [" and"]"#)).first)
    #expect(stopped["text"] as? String == "six" && stopped["finish_reason"] as? String == "stop")
    let cut = try #require(try choices(try await complete(#""prompt": "Q", "max_tokens": 2"#)).first)
    #expect(cut["text"] as? String == "si" && cut["finish_reason"] as? String == "length")
  }

  @Test func `repeat the prompt with its log-probabilities, as a scorer needs them`() async throws {
    for tokens in [0, 1] {
      let members = #""prompt": "3 + 4 = 7", "max_tokens": \#(tokens), "echo": true, "logprobs": 1"#
      let answer = try await complete(members)
      let choice = try #require(try choices(answer).first)
      #expect(choice["text"] as? String == "3 + 4 = 7" + (tokens == 0 ? "" : "s"))
      let logprobs = try #require(choice["logprobs"] as? [String: Any])
      let own = try #require(logprobs["token_logprobs"] as? [Any])
      let top = try #require(logprobs["top_logprobs"] as? [Any])
      #expect(own.count == 9 + tokens && top.count == own.count)
      #expect(own[0] is NSNull && own.dropFirst().allSatisfy { ($0 as? Double ?? 1) <= 0 })
      #expect(top[0] is NSNull && top.dropFirst().allSatisfy { ($0 as? [String: Any])?.count == 1 })
      #expect(logprobs["text_offset"] as? [Int] == Array(0..<9 + tokens))
      #expect((logprobs["tokens"] as? [String])?.joined() == choice["text"] as? String)
    }
  }

  @Test func `take several prompts as texts and tokens, each several times`() async throws {
    let tokens = try await complete(#""prompt": [[65, 66], [67]], "n": 2, "return_token_ids": true, "max_tokens": 1"#)
    let found = try choices(tokens)
    #expect(found.map { $0["index"] as? Int } == [0, 1, 2, 3])
    #expect(found.map { $0["prompt_token_ids"] as? [Int] } == [[65, 66], [65, 66], [67], [67]])
    #expect(found.allSatisfy { ($0["token_ids"] as? [Int])?.count == 1 })
    #expect((tokens.json["usage"] as? [String: Int])?["completion_tokens"] == 4)
    #expect(try choices(try await complete(#""prompt": ["a", "b"]"#)).count == 2)
    #expect(try choices(try await complete(#""prompt": [65]"#)).count == 1)
  }

  @Test func `stream what they would answer as a whole`() async throws {
    let answer = try await complete(
      #""prompt": "Q", "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 40, "stop": "sev""#)
    #expect(answer.events.last == "[DONE]")
    let choices = answer.chunks.flatMap { $0["choices"] as? [[String: Any]] ?? [] }
    #expect(choices.compactMap { $0["text"] as? String }.joined() == "six and ")
    #expect(choices.compactMap { $0["finish_reason"] as? String } == ["stop"])
    #expect((answer.chunks.last?["usage"] as? [String: Int])?["prompt_tokens"] == 1)
  }

  @Test func `tell in each part what was counted so far, if that is asked for`() async throws {
    let answer = try await complete(
      #""prompt": "Q", "stream": true, "stream_options": {"continuous_usage_stats": true}, "max_tokens": 3"#)
    let counts = answer.chunks.map { ($0["usage"] as? [String: Int])?["completion_tokens"] }
    #expect(counts.compactMap(\.self) == counts.indices.map { min($0 + 1, 3) })
  }

  @Test func `have a status of their own if they fail before the first text`() async throws {
    let pair = SlowPair(places: 1, queue: 0)
    try await withServer(pair.models) { server in
      let first = try Connection(port: server.port)
      await first.send(RunningServer.text("POST", "/v1/chat/completions", RunningServer.body()))
      while pair.steps == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let second = try await server.send("POST", "/v1/completions", #"{"model": "duo", "prompt": "Q", "stream": true}"#)
      #expect(second.status == 429 && second.headers["retry-after"] != nil, "\(second.body)")
      first.hangUp()
    }
  }

  @Test(arguments: [
    (#""prompt": []"#, 400, "prompt"), (#""prompt": [-1]"#, 400, "prompt"), (#""prompt": [99999]"#, 400, "prompt"),
    (#""prompt": [1.5]"#, 400, "prompt[0]"), (#""max_tokens": 1"#, 400, "prompt"),
    (#""prompt": "Q", "logprobs": 21"#, 400, "logprobs"), (#""prompt": "Q", "role": "huge""#, 400, "role"),
    (#""prompt": "Q", "suffix": "x""#, 400, "suffix"), (#""prompt": "Q", "strategy": "x""#, 400, "strategy"),
    (#""prompt": """#, 400, "prompt"),
  ])
  func `refuse what makes no sense`(members: String, status: Int, param: String?) async throws {
    let answer = try await complete(members)
    #expect(answer.status == status, "\(answer.body)")
    #expect((answer.json["error"] as? [String: Any])?["param"] as? String == param, "\(answer.body)")
  }

  @Test func `come with the model's tokens`() async throws {
    let served = ServedModels.scripted()
    try await withServer(served.models) { server in
      let tokens = try await server.send("POST", "/tokenize", #"{"prompt": "AB", "add_special_tokens": false}"#)
      #expect(tokens.json["tokens"] as? [Int] == [65, 66])
      let named = try await server.send("POST", "/tokenize", #"{"content": "AB", "model": "duo", "role": "small"}"#)
      #expect(named.json["count"] as? Int == 2)
      let text = try await server.send("POST", "/detokenize", #"{"tokens": [65, 66]}"#)
      #expect(text.json["prompt"] as? String == "AB" && text.json["content"] as? String == "AB")
      let info = try await server.send("GET", "/tokenizer_info")
      #expect(info.json["eos_token"] as? String == "<|im_end|>")
      #expect(try await server.send("POST", "/detokenize", #"{"tokens": [9999]}"#).status == 400)
      #expect(try await server.send("POST", "/tokenize", #"{"content": 3}"#).status == 400)
    }
  }
}
