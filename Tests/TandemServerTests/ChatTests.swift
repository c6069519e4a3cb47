import Foundation
import NIOCore
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `A chat completion` {
  private let thinking = "Try 7 + 5 = 12.\n\nWait, 12 * 2 = 24."
  private let answer = "The answer is 24."

  private func choice(_ answer: Answer) throws -> [String: Any] {
    try #require((answer.json["choices"] as? [[String: Any]])?.first)
  }

  @Test func `has the thinking beside the answer, and every field`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.chat(#""seed": 5"#)
      #expect(found.status == 200)
      #expect(found.headers["x-request-id"]?.hasPrefix("req_") == true)
      let choice = try choice(found)
      let message = try #require(choice["message"] as? [String: Any])
      #expect(message["role"] as? String == "assistant")
      #expect(message["reasoning_content"] as? String == thinking)
      #expect(message["content"] as? String == answer)
      #expect(choice["finish_reason"] as? String == "stop" && choice["index"] as? Int == 0)
      #expect((found.json["id"] as? String)?.hasPrefix("chatcmpl-") == true)
      #expect(found.json["object"] as? String == "chat.completion" && found.json["model"] as? String == "duo")
      #expect((choice["tandem"] as? [String: Any])?["seed"] as? Int == 5)
    }
  }

  @Test func `counts what the engines counted`() async throws {
    let scripted = ServedModels.scripted()
    try await withServer(scripted.models) { server in
      let usage = try #require(try await server.chat().json["usage"] as? [String: Any])
      let sampled = scripted.large.counters.sampled
      #expect(usage["completion_tokens"] as? Int == sampled)
      // The bytes of the thinking, and the token that ends it.
      let reasoning = (usage["completion_tokens_details"] as? [String: Any])?["reasoning_tokens"] as? Int
      #expect(reasoning == thinking.utf8.count + 1)
      #expect(usage["prompt_tokens"] as? Int == scripted.large.counters.prefilled)
      #expect(usage["total_tokens"] as? Int == sampled + scripted.large.counters.prefilled)
    }
  }

  @Test func `streams role, thinking, answer, end, usage and nothing else`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.chat(#""stream": true, "stream_options": {"include_usage": true}"#)
      #expect(found.status == 200 && found.headers["cache-control"] == "no-cache")
      #expect(found.headers["content-type"]?.hasPrefix("text/event-stream") == true)
      #expect(found.events.last == "[DONE]")
      let chunks = found.chunks
      #expect(Set(chunks.compactMap { $0["id"] as? String }).count == 1)
      #expect(chunks.allSatisfy { $0["object"] as? String == "chat.completion.chunk" })
      let choices = chunks.compactMap { ($0["choices"] as? [[String: Any]])?.first }
      let deltas = choices.compactMap { $0["delta"] as? [String: Any] }
      #expect(deltas.first?["role"] as? String == "assistant")
      #expect(deltas.compactMap { $0["reasoning_content"] as? String }.joined() == thinking)
      #expect(deltas.compactMap { $0["content"] as? String }.joined() == answer)
      let lastThinking = try #require(deltas.lastIndex { $0["reasoning_content"] != nil })
      let firstAnswer = try #require(deltas.firstIndex { ($0["content"] as? String)?.isEmpty == false })
      #expect(lastThinking < firstAnswer)
      #expect(choices.map { $0["finish_reason"] as? String }.drop { $0 == nil } == ["stop"])
      let usage = try #require(chunks.last?["usage"] as? [String: Any])
      #expect((chunks.last?["choices"] as? [Any])?.isEmpty == true)
      #expect(usage["total_tokens"] as? Int ?? 0 > 0)
      #expect(chunks.dropLast().allSatisfy { $0["usage"] == nil })
    }
  }

  @Test func `writes n choices, counts all of them, and streams them side by side`() async throws {
    try await withServer(ServedModels.scripted(count: 6).models) { server in
      let whole = try await server.chat(#""n": 3"#).json
      #expect((whole["choices"] as? [[String: Any]])?.compactMap { $0["index"] as? Int } == [0, 1, 2])
      let tokens = (whole["usage"] as? [String: Any])?["completion_tokens"] as? Int
      #expect(tokens == 3 * (thinking.utf8.count + answer.utf8.count + 2))
      let ends = try await server.chat(#""n": 3, "stream": true"#).chunks
        .flatMap { $0["choices"] as? [[String: Any]] ?? [] }.filter { $0["finish_reason"] is String }
      #expect(ends.compactMap { $0["index"] as? Int }.sorted() == [0, 1, 2])
    }
  }

  @Test(arguments: [7, 40, 60]) func `keeps a limit for thinking and answer together`(limit: Int) async throws {
    try await withServer(ServedModels.scripted().models) { server in
      for name in ["max_tokens", "max_completion_tokens"] {
        let found = try await server.chat("\"\(name)\": \(limit)").json
        let usage = found["usage"] as? [String: Any]
        #expect(usage?["completion_tokens"] as? Int ?? .max <= limit, "\(name)")
      }
    }
  }

  @Test func `that fails after its first text ends with an error and without [DONE]`() async throws {
    let broken = MemoryOptions.failing(with: EngineError.decodeFailed(code: 3), afterSampling: 10)
    try await withServer(ServedModels.scripted(options: broken).models) { server in
      let streamed = try await server.chat(#""stream": true"#)
      #expect(streamed.status == 200)
      let last = try #require(streamed.chunks.last?["error"] as? [String: Any])
      #expect(last["code"] as? String == "decode_failed" && last["type"] as? String == "server_error")
      #expect(!streamed.body.contains("[DONE]"))
      let whole = try await server.chat()
      #expect(whole.status == 500 && (whole.json["error"] as? [String: Any])?["code"] as? String == "decode_failed")
      #expect(try await server.isIdle())
    }
  }

  @Test func `can ask for another strategy and its settings`() async throws {
    try await withServer(ServedModels.scripted(count: 4).models) { server in
      let other = try await server.chat(#""tandem": {"strategy": "small-only"}"#)
      #expect((try choice(other)["tandem"] as? [String: Any])?["strategy"] as? String == "small-only")
      let named = try await server.chat(model: "duo/small-only")
      #expect((try choice(named)["tandem"] as? [String: Any])?["strategy"] as? String == "small-only")
    }
  }

  @Test func `with events has each of them in its stream`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let chunks = try await server.chat(#""stream": true, "tandem": {"events": true}"#).chunks
      let kinds = chunks.compactMap { ($0["tandem"] as? [String: Any])?["event"] as? [String: Any] }
        .compactMap { $0["event"] as? String }
      #expect(kinds.first == "started" && kinds.last == "finished" && kinds.contains("accepted"))
    }
  }
}

@Suite struct `A stream of pieces` {
  private func piece(_ text: String, _ author: Author, choice: Int = 0) -> ChoiceUpdate {
    ChoiceUpdate(choice: choice, update: .piece(Piece(text: text, author: author, segment: .thinking)))
  }

  @Test func `joins neighbours of one author and choice`() {
    let updates = [
      piece("a", .small), piece("b", .small), piece("c", .large), piece("d", .large, choice: 1),
      piece("e", .large, choice: 1),
    ]
    let texts = updates.joiningPieces.map { update in
      if case .piece(let piece) = update.update { "\(update.choice)\(piece.text)" } else { "" }
    }
    #expect(texts == ["0ab", "0c", "1de"])
  }

  @Test(arguments: ["\"quoted\"", "back\\slash", "line\nline\r\ttab\u{1}\u{1F}", "日本語 🙂 é \u{2028}"])
  func `survives JSON`(text: String) throws {
    var events = EventBuffer()
    events.send(text, between: "[", and: "]")
    let data = Data(events.bytes.readableBytesView.dropFirst(6))
    #expect(try JSONDecoder().decode([String].self, from: data) == [text])
    #expect(data.dropLast(2).allSatisfy { $0 >= 0x20 })
  }
}
