import TandemInference
import Testing

@testable import TandemLlama

@Suite struct `Parameters that make no sense` {
  private static let absurd: [(String, LlamaParameters)] = {
    let numbers = [Int.min, -1, 0, Int.max]
    return numbers.map { ("contextSize", LlamaParameters(contextSize: $0)) }
      + numbers.map { ("sequences", LlamaParameters(sequences: $0)) }
      + numbers.map { ("batchSize", LlamaParameters(batchSize: $0)) }
      + numbers.map { ("threads", LlamaParameters(threads: $0)) }
      + numbers.map { ("prefillChunk", LlamaParameters(prefillChunk: $0)) }
      + [Int.min, -1, 0, 255, Int.max].map { ("cells", LlamaParameters(contextSize: 256, cells: $0)) }
      + [
        ("cells", LlamaParameters(contextSize: 256, cache: .separate, cells: 512)),
        ("waiting", LlamaParameters(waiting: -1)),
        ("contextSize", LlamaParameters(contextSize: 7)), ("contextSize", LlamaParameters(contextSize: 513)),
        ("contextSize", LlamaParameters(contextSize: 4_194_304, sequences: 256)),
        ("sequences", LlamaParameters(sequences: 257)),
        ("batchSize", LlamaParameters(sequences: 64, batchSize: 63)), ("batchSize", LlamaParameters(batchSize: 8193)),
        ("threads", LlamaParameters(threads: 513)), ("prefillChunk", LlamaParameters(batchSize: 32, prefillChunk: 33)),
      ]
  }()

  @Test func `are refused by name when an engine is loaded`() async {
    for (name, parameters) in Self.absurd {
      do {
        _ = try await LlamaEngine.load(Models.nanoSmall, parameters)
        Issue.record("\(name) is taken: \(parameters)")
      } catch EngineError.invalidParameter(let found, let reason) {
        #expect(found == name, "\(reason)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  @Test func `for the least of machines are taken`() async throws {
    let least = LlamaParameters(
      contextSize: 8, sequences: 1, batchSize: 32, prefillChunk: 1, waiting: 0, patience: .zero)
    let session = try await LlamaEngine.load(Models.nanoSmall, least).makeSession()
    try await session.extend(to: noise(7))
    #expect(try await session.sample(request(1)).count == 1)
  }

  @Test func `of a cache that the machine has no memory for are refused`() async throws {
    let smol = LlamaParameters(contextSize: 512, sequences: 256, cells: 100_000_000)
    let error = await #expect(throws: EngineError.self) { try await LlamaEngine.load(Models.nanoLarge, smol) }
    #expect(error?.code == "invalid-parameter")
    #expect(error?.description.contains("cells") == true)
  }

  @Test func `are refused by name when a session is asked to write`() async throws {
    let session = try await nanoEngine().makeSession()
    try await session.extend(to: noise(10))
    func with(_ change: (inout GenerationRequest) -> Void) -> GenerationRequest {
      var changed = request(1)
      change(&changed)
      return changed
    }
    let absurd: [(String, GenerationRequest)] = [
      ("temperature", with { $0.sampling.temperature = .nan }), ("temperature", with { $0.sampling.temperature = -1 }),
      ("temperature", with { $0.sampling.temperature = .infinity }), ("topP", with { $0.sampling.topP = 0 }),
      ("topP", with { $0.sampling.topP = .nan }), ("topK", with { $0.sampling.topK = -1 }),
      ("minP", with { $0.sampling.minP = 1 }), ("minP", with { $0.sampling.minP = .nan }),
      ("repetitionPenalty", with { $0.sampling.repetitionPenalty = 0 }), ("limit", with { $0.limit = 0 }),
      ("repetitionPenalty", with { $0.sampling.repetitionPenalty = .nan }), ("limit", with { $0.limit = .min }),
      ("penaltyWindow", with { $0.sampling.penaltyWindow = -1 }), ("alternatives", with { $0.alternatives = -1 }),
      ("stops", with { $0.stops = [.text("")] }),
    ]
    for (name, request) in absurd {
      do {
        _ = try await session.sample(request)
        Issue.record("\(name) is taken")
      } catch EngineError.invalidParameter(let found, _) {
        #expect(found == name)
      }
    }
    let huge = with {
      $0.limit = .max
      $0.alternatives = .max
      $0.sampling = SamplingParameters(temperature: 1e30, topK: .max, penaltyWindow: .max)
    }
    for try await sampled in session.generate(huge) {
      #expect(sampled.alternatives.count == 512)
      break
    }
  }
}

@Suite struct `Two engines in one process` {
  @Test func `finish with two threads each, and say what they say alone`() async throws {
    func parameters(_ threads: Int) -> LlamaParameters {
      LlamaParameters(contextSize: 128, sequences: 1, threads: threads, isDeterministic: true)
    }
    func run(_ path: String, threads: Int) async throws -> [Token] {
      let engine = try await LlamaEngine.load(path, parameters(threads))
      let session = try await engine.makeSession()
      try await session.extend(to: prompt(for: engine))
      return try await session.sample(request(4)).map(\.token)
    }
    let alone = try await [run(Models.nanoSmall, threads: 1), run(Models.nanoLarge, threads: 1)]
    async let small = run(Models.nanoSmall, threads: 2)
    async let large = run(Models.nanoLarge, threads: 2)
    #expect(try await [small, large] == alone)
  }
}
