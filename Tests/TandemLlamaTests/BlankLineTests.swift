import TandemInference
import TandemTesting
import Testing

@testable import TandemLlama

@Suite struct `A control vector at blank lines` {
  private func vector(_ engine: LlamaEngine, _ positions: Adapter.ControlVector.Positions) -> Adapter {
    let row = (0..<engine.file.embeddingSize).map { 4 * (Float($0 % 5) - 2) }
    let rows = Array(repeating: row, count: engine.file.layerCount - 1)
    return Adapter(controlVector: .init(directions: rows, layers: 1...1, positions: positions))
  }

  private func logits(_ engine: LlamaEngine, _ tokens: [Token], _ adapter: Adapter?) async throws -> [Float] {
    let session = try await engine.makeSession(adapter: adapter)
    try await session.extend(to: tokens)
    let row = try await session.logits()
    await session.close()
    return row
  }

  @Test func `acts there, and nowhere else`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    func text(_ text: String) throws -> [Token] {
      try prompt(for: engine) + engine.tokenizer.encode(text, control: .asText)
    }
    for plain in ["", "Try 3 + 8 = 11.", "Try 3\n", "Try 3\n\nThen"] {
      let tokens = try text(plain)
      // What follows differs by a batch's shape only: the vector is in the last layer, so that no cache knows of it.
      #expect(
        try await distance(logits(engine, tokens, vector(engine, .blankLines)), logits(engine, tokens, nil)) < 0.02)
    }
    for blank in ["Try 3 + 8 = 11.\n\n", "\n"] {
      let tokens = try text(blank)
      let row = try await logits(engine, tokens, vector(engine, .blankLines))
      #expect(try await distance(row, logits(engine, tokens, vector(engine, .all))) < 0.02)
      #expect(try await distance(row, logits(engine, tokens, nil)) > 0.1)
    }
  }

  @Test(arguments: [false, true])
  func `means the same to a model that writes and to one that reads`(isDeterministic: Bool) async throws {
    let engine = try await nanoEngine(Models.nanoLarge, isDeterministic: isDeterministic)
    let adapter = vector(engine, .blankLines)
    let session = try await engine.makeSession(adapter: adapter)
    try await session.extend(to: prompt(for: engine))
    let written = try await session.sample(request(80)).map(\.token)
    #expect(engine.tokenizer.decode(written).contains("\n\n"))
    let (tokens, row) = (await session.tokens, try await session.logits())
    #expect(try await distance(row, logits(engine, tokens, adapter)) < 0.05)
    #expect(try await distance(row, logits(engine, tokens, nil)) > 0.1)
    #expect(try await distance(row, logits(engine, tokens, vector(engine, .all))) > 0.1)
  }

  @Test func `leaves sessions alone that are batched beside it`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge, sequences: 6, isDeterministic: true)
    let everywhere = vector(engine, .all)
    func run(_ adapter: Adapter?) async throws -> [SampledToken] {
      let session = try await engine.makeSession(adapter: adapter)
      try await session.extend(to: prompt(for: engine))
      let sampled = try await session.sample(request(60))
      await session.close()
      return sampled
    }
    let adapters = [nil, vector(engine, .blankLines), everywhere, nil, vector(engine, .blankLines)]
    var alone: [[SampledToken]] = []
    for adapter in adapters { alone.append(try await run(adapter)) }
    let together = try await withThrowingTaskGroup { group in
      for (index, adapter) in adapters.enumerated() { group.addTask { (index, try await run(adapter)) } }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for index in adapters.indices { #expect(together[index] == alone[index]) }
    #expect(Set(alone).count == 3)
  }

  @Test func `stays where it was when tokens are guessed, beside a LoRA too`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    let model = try SpeculativeDecoding(draft: .lookup(), target: engine)
    var adapter = vector(engine, .blankLines)
    adapter.lora = [.init(path: Models.lora)]
    let (alone, guessed) = (
      try await engine.makeSession(adapter: adapter), try await model.makeSession(adapter: adapter)
    )
    let request = GenerationRequest(after: try prompt(for: engine), sampling: .greedy, seed: 1, limit: 120)
    #expect(try await guessed.sample(request) == alone.sample(request))
    #expect(engine.counters.proposals.accepted.reduce(0, +) > 0)
  }
}
