import Foundation
import TandemInference
import Testing

@testable import TandemLlama

/// An engine on the small nano model, with windows that are larger than the cache is at first.
private func growingEngine(
  sequences: Int = 2, cache: CacheLayout = .shared, cells: Int? = nil, isDeterministic: Bool = false,
  patience: Duration = .seconds(10), contextSize: Int = 4096
) async throws -> LlamaEngine {
  try await LlamaEngine.load(
    Models.nanoSmall,
    LlamaParameters(
      contextSize: contextSize, extendsContext: true, sequences: sequences, cache: cache, cells: cells,
      isDeterministic: isDeterministic, patience: patience))
}

@Suite struct `Cells that are made when they are needed` {
  @Test(arguments: CacheLayout.allCases)
  func `hold what the sessions held before`(cache: CacheLayout) async throws {
    let engine = try await growingEngine(sequences: 3, cache: cache)
    let (first, second) = (try await engine.makeSession(), try await engine.makeSession())
    try await first.extend(to: noise(300))
    try await second.extend(to: noise(100, seed: 2))
    let fork = try await second.fork()
    let (logits, others) = (try await first.logits(), try await second.logits())
    try await second.extend(to: noise(100, seed: 2) + noise(1900, seed: 3))  // more than there are, several times
    #expect(try await first.extend(to: noise(300)) == 0, "nothing is read again")
    #expect(try await fork.extend(to: noise(100, seed: 2) + [9]) == 1)
    try await fork.extend(to: noise(100, seed: 2))
    try await first.extend(to: noise(299))
    try await first.extend(to: noise(300))
    #expect(distance(try await first.logits(), logits) < 0.05)
    #expect(distance(try await fork.logits(), others) < 0.05)
  }

  @Test func `are shared by forks before and after`() async throws {
    let engine = try await growingEngine(sequences: 8, cells: 4096)
    let parent = try await engine.makeSession()
    try await parent.extend(to: noise(400))
    var forks: [LlamaSession] = []
    for _ in 0..<7 { forks.append(try await parent.fork()) }
    // Seven times 500 cells, and the beginning once: 4,096 are not enough if any fork has a beginning of its own.
    for (index, fork) in forks.enumerated() {
      try await fork.extend(to: noise(400) + noise(500, seed: UInt64(index + 2)))
    }
    for fork in forks { #expect(await fork.tokens.count == 900) }
    #expect(await code { try await parent.extend(to: noise(400) + noise(3000, seed: 99)) } == "context-full")
  }

  @Test func `give the same bits as a cache that was large from the beginning, in deterministic mode`() async throws {
    func run(_ warmUp: Int) async throws -> [Float] {
      let engine = try await growingEngine(isDeterministic: true)
      let (session, other) = (try await engine.makeSession(), try await engine.makeSession())
      try await other.extend(to: noise(warmUp, seed: 5))
      try await session.extend(to: noise(450))
      let written = try await session.sample(request(200))
      #expect(await session.tokens.count == 650)
      return written.logProbabilities + (try await session.logits())
    }
    #expect(try await run(3000) == run(10))
  }

  @Test func `are made in the middle of a generation`() async throws {
    let engine = try await growingEngine(contextSize: 2048)
    let session = try await engine.makeSession()
    try await session.extend(to: noise(500))
    let written = try await session.sample(request(700))
    #expect(written.count == 700)
    let again = try await growingEngine(contextSize: 2048).makeSession()
    try await again.extend(to: noise(500) + written.dropLast().map(\.token))
    try await session.extend(to: noise(500) + written.dropLast().map(\.token))
    let difference = distance(try await again.logits(), try await session.logits())
    #expect(difference < 1, "\(difference)")
  }

  @Test func `keep the adapter of each session`() async throws {
    let adapter = Adapter(lora: [.init(path: Models.lora)])
    func logits(_ other: Int) async throws -> [Float] {
      let engine = try await growingEngine()
      let (session, plain) = (try await engine.makeSession(adapter: adapter), try await engine.makeSession())
      try await session.extend(to: noise(100))
      try await plain.extend(to: noise(other, seed: 3))
      try await session.extend(to: noise(110))
      return try await session.logits()
    }
    #expect(distance(try await logits(2000), try await logits(10)) < 0.05)
  }

  @Test func `are made for a state that is restored`() async throws {
    let engine = try await growingEngine()
    let session = try await engine.makeSession()
    try await session.extend(to: noise(600))
    let state = try await session.save()
    let other = try await growingEngine().makeSession()
    try await other.restore(state)
    #expect(await other.tokens == noise(600))
    let difference = distance(try await other.logits(), try await session.logits())
    #expect(difference < 0.5, "\(difference): beyond what the model was trained with, the last bits count for more")
  }

  @Test func `are no more than may be, and then they are waited for`() async throws {
    let engine = try await growingEngine(sequences: 3, cells: 1024, patience: .milliseconds(100), contextSize: 1000)
    let (holder, reader) = (try await engine.makeSession(), try await engine.makeSession())
    try await holder.extend(to: noise(900))
    let error = EngineError.contextFull(needed: 200, capacity: 1024)
    await #expect(throws: error) { try await reader.extend(to: noise(200, seed: 2)) }
    await holder.close()
    #expect(try await reader.extend(to: noise(200, seed: 2)) == 200)
  }

  @Test func `take memory only then`() async {
    await #expect(processExitsWith: .success) {
      // Half a gigabyte of cells.
      let engine = try await growingEngine(sequences: 64, contextSize: 16_384)
      let bytes = engine.file.cacheByteCount(cells: engine.parameters.totalCells)
      let session = try await engine.makeSession()
      try await session.extend(to: noise(2000))
      #expect(bytes > 500 << 20 && residentMemory() < 200 << 20)
    }
  }
}

@Suite struct `The size of a cache` {
  private func size(_ context: Int, _ sequences: Int, _ cache: CacheLayout, grows: Bool = true) -> CacheSize {
    CacheSize(LlamaParameters(contextSize: context, sequences: sequences, cache: cache), grows: grows)
  }

  @Test func `is small at first, unless what is in it can't be moved`() {
    #expect(size(32_768, 6, .shared).total == 512)
    #expect(size(32_768, 6, .separate).total == 6 * 512)
    #expect(size(256, 6, .separate).total == 6 * 256)
    #expect(size(32_768, 6, .shared, grows: false).total == 6 * 32_768)
  }

  @Test func `grows by half at least, in whole blocks, and up to its most`() throws {
    let small = size(32_768, 6, .shared)
    #expect(small.grown(toHold: 512) == nil)
    #expect(try #require(small.grown(toHold: 513)).cells == 768)
    #expect(try #require(small.grown(toHold: 5000)).cells == 5120)
    let large = try #require(small.grown(toHold: 6 * 32_768))
    #expect(large.cells == 6 * 32_768 && large.grown(toHold: 7 * 32_768) == nil)
    var stuck = small
    stuck.stay(at: 256)
    #expect(!stuck.canGrow && stuck.mostInAll == 256)
  }
}

@Suite struct `A quantised cache` {
  @Test(arguments: [CacheType.q8_0, .q4_0], CacheLayout.allCases)
  func `says nearly the same`(type: CacheType, cache: CacheLayout) async throws {
    func logits(_ type: CacheType) async throws -> [Float] {
      let parameters = LlamaParameters(
        contextSize: 256, sequences: 2, cache: cache, cacheTypeK: type, cacheTypeV: type, flashAttention: .on)
      let session = try await LlamaEngine.load(Models.nanoLarge, parameters).makeSession()
      try await session.extend(to: noise(100))
      return try await session.logits()
    }
    let difference = distance(try await logits(type), try await logits(.f16))
    #expect(difference > 0 && difference < (type == .q8_0 ? 0.5 : 5), "\(difference)")
  }

  @Test(arguments: [
    LlamaParameters(cacheTypeV: .q8_0, flashAttention: .off), LlamaParameters(cacheTypeV: .q4_0, isDeterministic: true),
  ])
  func `of values is refused without flash attention`(parameters: LlamaParameters) {
    let error = #expect(throws: EngineError.self) { try parameters.validate() }
    #expect(error?.description.contains("cacheTypeV") == true)
    #expect(error?.description.contains("without flash attention") == true)
  }
}

@Suite struct `A trial of attention` {
  @Test(arguments: CacheLayout.allCases)
  func `measures both ways`(cache: CacheLayout) throws {
    let file = try GGUFFile(path: Models.nanoLarge)
    for sequences in [1, 16] {
      let trial = try #require(
        AttentionTrial.run(file, LlamaParameters(sequences: sequences, cache: cache), length: 200))
      #expect(trial.fused > 0 && trial.fused < 1 && trial.plain > 0 && trial.plain < 1)
    }
  }

  @Test func `has nothing to choose where values are quantised, or in deterministic mode`() throws {
    let file = try GGUFFile(path: Models.nanoLarge)
    #expect(AttentionTrial.run(file, LlamaParameters(cacheTypeV: .q8_0), length: 200) == nil)
    #expect(AttentionTrial.run(file, LlamaParameters(isDeterministic: true), length: 200) == nil)
  }
}
