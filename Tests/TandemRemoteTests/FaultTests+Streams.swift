import Foundation
import TandemInference
import TandemTesting
import Testing

@testable import TandemRemote

/// Streams that are cut, wrong, or something else.
extension FaultTests {
  @Test(arguments: SimulatedServer.Kind.allCases)
  func `bytes may be cut anywhere`(kind: SimulatedServer.Kind) async throws {
    let text = "Two and two make 四 🙂 é.<|im_end|>"
    let (whole, _, _) = try await generate(kind, text: text)
    for piece in [1, 2, 7] {
      let served = SimulatedServer.reciting(text, kind)
      let (server, model) = try await served.connect { request in
        let steps = try await served.answer(request)
        // Each stream byte by byte, with a comment and a field of no meaning before it.
        guard steps.count > 1 else { return steps }
        let bytes = Array(steps.map { if case .bytes(let bytes) = $0 { bytes } else { [UInt8]() } }.joined())
        return stride(from: 0, to: bytes.count, by: piece).map {
          .bytes(Array(bytes[$0..<min($0 + piece, bytes.count)]))
        }
      }
      let session = try await model.makeSession()
      let tokens = try served.tokenizer.encode(Self.prompt, control: .asText)
      let written = try await session.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 100))
      #expect(written.map { served.model.engineTokenizer.spelling(of: $0.token) }.joined() == whole)
      server.stop()
    }
  }

  @Test func `a stream that is cut before its first event is a call that was not made`() async throws {
    let (text, calls, _) = try await generate { _ in .events([], end: .cut) }
    #expect(text == Self.rest)
    #expect(calls.count == 2)
  }

  @Test func `a stream that is cut later is an error, since its beginning was used`() async throws {
    let error = try await failure { _ in .events([Self.token(" ", 32), Self.token("f", 102)], end: .cut) }
    #expect(
      error == "The server http://HOST can't be reached: it closed the connection before its answer was complete.")
  }

  @Test func `a stream without an end is no short thought`() async throws {
    let error = try await failure { _ in .events([Self.token(" ", 32), "[DONE]"]) }
    #expect(
      error == "The server http://HOST answered with something unexpected: "
        + "its stream ended after 1 tokens, without an end.")
  }

  @Test(arguments: [
    #"{"error":{"message":"engine died","code":500}}"#, #"{"error":"engine died"}"#,
    #"{"object":"error","message":"engine died","code":400}"#,
  ])
  func `an error within a stream is told in the server's words`(event: String) async throws {
    for kind in SimulatedServer.Kind.allCases {
      let first =
        kind == .llamaServer ? #"{"content":" ","tokens":[32],"stop":false,"tokens_predicted":1}"# : Self.token(" ", 32)
      let error = try await failure(kind) { _ in .events([first, event]) }
      #expect(
        error == "The server http://HOST answered with something unexpected: "
          + "it ended the stream with an error: engine died.")
    }
  }

  @Test func `an error field of older llama-servers is an error`() async throws {
    let bytes =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nerror: {\"message\":\"no slot\"}\n\n"
    let error = try await failure(.llamaServer) { _ in [.bytes(Array(bytes.utf8)), .close] }
    #expect(error.hasSuffix("it ended the stream with an error: no slot."))
  }

  @Test func `a page instead of a stream is shown`() async throws {
    let answer = [ScriptedServer.Step].answer("<html>Log in</html>", type: "text/html")
    let error = try await failure { _ in answer }
    #expect(error.hasSuffix("it sends 'text/html', which is no stream of events: <html>Log in</html>."))
  }

  @Test(arguments: ["{", "[]", #"{"choices":7}"#, #"{"choices":[{"token_ids":["x"]}]}"#])
  func `what is no completion is shown`(event: String) async throws {
    let error = try await failure { _ in .events([event]) }
    #expect(error.contains("its answer can't be read ("))
    #expect(error.contains(event))
  }

  @Test func `a completion without token ids names the field that has no effect`() async throws {
    let error = try await failure { _ in .events([#"{"choices":[{"text":" four","finish_reason":null}]}"#]) }
    #expect(error.contains("'return_token_ids' has no effect"))
  }

  @Test(arguments: [-1, 263, 2_000_000]) func `a token outside the vocabulary is an error`(number: Int) async throws {
    let error = try await failure { _ in .events([Self.token("?", number)]) }
    #expect(error.hasSuffix("and the vocabulary has 263. It runs a model with another vocabulary."), "\(error)")
  }

  @Test func `a prompt that the server has changed is an error`() async throws {
    let event =
      #"{"choices":[{"text":" ","token_ids":[32],"prompt_token_ids":[84,119,111,32,1],"finish_reason":null}]}"#
    let error = try await failure { _ in .events([event]) }
    #expect(error.hasSuffix("it read other tokens than it was sent, from number 4 on."))
  }

  @Test func `several tokens in an event are several tokens`() async throws {
    let event = #"{"choices":[{"text":" fo","token_ids":[32,102,111],"finish_reason":null}]}"#
    let last = #"{"choices":[{"text":"ur","token_ids":[117,114],"finish_reason":"stop","stop_reason":null}]}"#
    let (text, _, _) = try await generate { _ in .events([event, last, "[DONE]"]) }
    #expect(text == " four")
  }

  @Test func `what a server writes beyond the end that was found is dropped and counted`() async throws {
    // With speculative decoding vLLM reports tokens after a stop text (vllm#47616).
    let event =
      #"{"choices":[{"text":" four.","token_ids":[32,102,111,117,114,46,32,87],"finish_reason":"stop","stop_reason":"."}]}"#
    let (text, _, model) = try await generate(stops: [.text(".")]) { _ in .events([event, "[DONE]"]) }
    #expect(text == " four.")
    #expect(model.counters.server?.discarded == 2)
  }
}
