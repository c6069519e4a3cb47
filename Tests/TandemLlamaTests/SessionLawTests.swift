import TandemInference
import TandemLlama
import TandemTesting
import Testing

@Suite struct `A session of llama.cpp keeps the laws` {
  @Test(arguments: CacheLayout.allCases)
  func `with either kind of cache`(cache: CacheLayout) async throws {
    let engine = try await nanoEngine(cache: cache)
    let broken = try await checkSession(of: engine, tokens: try prompt(for: engine), tolerance: 0.05)
    #expect(broken == [])
  }

  @Test func `in deterministic mode, to the last bit but where one token is evaluated again`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    #expect(try await checkSession(of: engine, tokens: try prompt(for: engine), tolerance: 0.02) == [])
  }

  @Test func `with a LoRA`() async throws {
    let engine = try await nanoEngine()
    let adapter = Adapter(lora: [.init(path: Models.lora)])
    let tokens = try prompt(for: engine)
    #expect(try await checkSession(of: engine, adapter: adapter, tokens: tokens, tolerance: 0.05) == [])
  }

  // Needs SmolLM2, which scripts/deps fetches.
  @Test(.enabled(if: Models.smol != nil)) func `with a real model`() async throws {
    let engine = try await LlamaEngine.load(
      try Models.smolQ4_0.get(), LlamaParameters(contextSize: 512, sequences: 3, batchSize: 128))
    let tokens = try engine.tokenizer.encode(
      "The capital of France is Paris, and the capital of Italy", control: .asText)
    #expect(try await checkSession(of: engine, tokens: tokens, tolerance: 1) == [])
  }
}
