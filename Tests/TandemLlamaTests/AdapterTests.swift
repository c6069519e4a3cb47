import Foundation
import TandemInference
import TandemLlama
import Testing

@Suite struct `An adapter` {
  private let lora = Adapter(lora: [.init(path: Models.lora)])
  private let vector = Adapter(
    controlVector: .init(directions: [(0..<64).map { Float($0 % 5) - 2 }], layers: 1...1))

  private func logits(_ engine: LlamaEngine, _ adapter: Adapter?) async throws -> [Float] {
    let session = try await engine.makeSession(adapter: adapter)
    try await session.extend(to: prompt(for: engine))
    let row = try await session.logits()
    await session.close()
    return row
  }

  @Test func `changes what its session says, and what nobody else says`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    let plain = try await logits(engine, nil)
    let adapters = [lora, vector, Adapter(lora: lora.lora, controlVector: vector.controlVector)]
    var rows: [[Float]] = []
    for adapter in adapters {
      rows.append(try await logits(engine, adapter))
      #expect(distance(rows[rows.count - 1], plain) > 0.1)
      #expect(try await logits(engine, nil) == plain, "off again, to the last bit")
    }
    #expect(distance(rows[0], rows[1]) > 0.1 && distance(rows[1], rows[2]) > 0.1)
    #expect(try await logits(engine, lora) == rows[0])
  }

  @Test func `acts by its scale, added up where a file is named twice`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    func scaled(_ scales: Float...) -> Adapter { Adapter(lora: scales.map { .init(path: Models.lora, scale: $0) }) }
    #expect(try await logits(engine, scaled(0)) == logits(engine, nil))
    #expect(try await logits(engine, scaled(0.25, 0.25)) == logits(engine, scaled(0.5)))
    #expect(try await distance(logits(engine, scaled(0.5)), logits(engine, scaled(1))) > 0.01)
  }

  @Test func `leaves sessions alone that are batched beside it`() async throws {
    let engine = try await nanoEngine(sequences: 4, isDeterministic: true)
    func run(_ adapter: Adapter?) async throws -> [SampledToken] {
      let session = try await engine.makeSession(adapter: adapter)
      try await session.extend(to: prompt(for: engine))
      return try await session.sample(request(60))
    }
    let alone = [try await run(nil), try await run(lora), try await run(vector)]
    async let plain = run(nil)
    async let low = run(lora)
    async let directed = run(vector)
    #expect(try await [plain, low, directed] == alone)
    #expect(Set(alone).count == 3)
  }

  @Test func `is part of a session's identity, forks included`() async throws {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession(adapter: lora)
    try await session.extend(to: prompt(for: engine))
    let fork = try await session.fork()
    try await fork.extend(to: prompt("Use 1, 2 to make 3.", for: engine))
    let fresh = try await engine.makeSession(adapter: lora)
    try await fresh.extend(to: prompt("Use 1, 2 to make 3.", for: engine))
    #expect(distance(try await fork.logits(), try await fresh.logits()) < 0.05)
    let state = try await fork.save()
    #expect(state.adapter == lora)
    try await fresh.restore(state)
  }

  @Test func `that can't be used is refused, and the place stays free`() async throws {
    let engine = try await nanoEngine(sequences: 1, waiting: 0)
    let foreign = try await nanoEngine(Models.nanoLarge, sequences: 1, waiting: 0)
    let whole = try [UInt8](Data(contentsOf: URL(filePath: Models.lora)))
    let bad: [(LlamaEngine, Adapter)] = [
      (engine, Adapter(lora: [.init(path: "/no/such/file.gguf")])),
      (engine, Adapter(lora: [.init(path: FileManager.default.temporaryDirectory.path)])),
      (engine, Adapter(lora: [.init(path: try Scratch.file([]))])),
      (engine, Adapter(lora: [.init(path: try Scratch.file(Array(whole.prefix(2000))))])),
      (engine, Adapter(lora: [.init(path: Models.nanoSmall)])),
      (engine, Adapter(lora: [.init(path: Models.lora, scale: .nan)])),
      (foreign, lora),
      (foreign, vector),
      (engine, Adapter(controlVector: .init(directions: [[1, 2]], layers: 1...1))),
      (engine, Adapter(controlVector: .init(directions: [], layers: 1...1))),
      (engine, Adapter(controlVector: .init(directions: [Array(repeating: 0, count: 64)], layers: 0...1))),
      (engine, Adapter(controlVector: .init(directions: [Array(repeating: 0, count: 64)], layers: 1...2))),
    ]
    for (engine, adapter) in bad {
      let found = await code { _ = try await engine.makeSession(adapter: adapter) }
      #expect(found == "adapter-invalid", "\(adapter)")
      _ = try await engine.makeSession()
    }
  }

  @Test func `of not-a-numbers is an error of its own session only`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    let broken = Adapter(controlVector: .init(directions: [Array(repeating: .nan, count: 64)], layers: 1...1))
    let session = try await engine.makeSession(adapter: broken)
    try await session.extend(to: prompt(for: engine))
    #expect(await code { _ = try await session.sample(request(1)) } == "bad-logits")
    #expect(try await !logits(engine, nil).contains(where: \.isNaN))
  }
}
