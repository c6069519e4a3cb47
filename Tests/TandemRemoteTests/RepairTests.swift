import Foundation
import TandemInference
import TandemTesting
import Testing

@testable import TandemRemote

/// llama-server's streams leave out the ids of tokens that end inside a character.
@Suite("Lost token ids", .timeLimit(.minutes(20)))
struct RepairTests {
  private static let text = "So: a é€🙂 b.<|im_end|>"

  private func generate(
    _ served: SimulatedServer, after prompt: String, limit: Int = 100, sampling: SamplingParameters = .greedy,
    _ script: @escaping @Sendable (ScriptedRequest) async throws -> [ScriptedServer.Step]? = { _ in nil }
  ) async throws -> (tokens: [Token], calls: Int) {
    let (server, model) = try await served.connect(RemoteOptions(patience: 0.01), script)
    let before = server.completions().count
    let session = try await model.makeSession()
    let tokens = try served.tokenizer.encode(prompt, control: .recognised)
    let request = GenerationRequest(after: tokens, sampling: sampling, seed: 3, limit: limit)
    return (try await session.sample(request).map(\.token), server.completions(after: before).count)
  }

  @Test func `are the bytes of the text, if each is one byte`() async throws {
    let (tokens, calls) = try await generate(.reciting(Self.text, .llamaServer), after: "So: a")
    #expect(tokens == (try ByteTokenizer().encode(" é€🙂 b.<|im_end|>", control: .recognised)))
    #expect(calls == 1)
  }

  @Test func `are asked for again at the end, where no token follows`() async throws {
    // The limit is inside the last character.
    let filler = String(repeating: "x", count: CompletionCall.wholeTokens)
    let served = SimulatedServer.reciting("So: a" + filler + " é€🙂 b.", .llamaServer)
    let limit = filler.utf8.count + 8
    let (tokens, calls) = try await generate(served, after: "So: a", limit: limit)
    #expect(tokens == Array(try ByteTokenizer().encode(filler + " é€🙂", control: .asText).prefix(limit)))
    #expect(calls == 2)
  }

  @Test func `are asked for again if the bytes could be other tokens`() async throws {
    // Bytes at random: what is no text can't be told from its replacement.
    let served = SimulatedServer.hashed(.llamaServer)
    let sampling = SamplingParameters(temperature: 1, topP: 1)
    let prompt = "Two and two"
    let (tokens, calls) = try await generate(served, after: prompt, limit: 100, sampling: sampling)
    var body: [String: Any] = ["n_predict": 100, "temperature": 1]
    body["seed"] = Int(LlamaServerDialect.folded(3))
    let drawn = try await served.draw(body, prompt: try served.tokenizer.encode(prompt, control: .asText))
    #expect(tokens == drawn.map(\.token))
    #expect(calls > 1)
  }

  @Test func `are in short answers, which come whole`() async throws {
    let (tokens, calls) = try await generate(.reciting(Self.text, .llamaServer), after: "So: a", limit: 8)
    #expect(tokens == Array(try ByteTokenizer().encode(" é€🙂", control: .asText).prefix(8)))
    #expect(calls == 1)
  }

  @Test func `that are others the second time are an error`() async throws {
    let served = SimulatedServer.reciting(Self.text, .llamaServer)
    let first = #"{"content":" ","tokens":[32],"stop":false,"tokens_predicted":1}"#
    let gap = #"{"content":"?","tokens":[66],"stop":false,"tokens_predicted":4}"#
    let error = await #expect(throws: EngineError.self) {
      try await generate(served, after: "So: a") { request in
        guard request.path == "/completion", request.json["n_predict"] as? Int == 100 else { return nil }
        return .events([first, gap])
      }
    }
    #expect("\(error, default: "")".hasSuffix("the same call draws other tokens the second time."))
  }
}
