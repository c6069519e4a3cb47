import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama

/// The rates of two models on this machine, measured in seconds: with each number of compute threads, and at the best one
/// with flash attention too.
struct PairMeasurement: Sendable, Encodable {
  /// What one model did under one set of conditions.
  struct Trial: Sendable, Encodable {
    let threads: Int
    let flashAttention: FlashAttention
    /// How many tokens stood before those that were written.
    let depth: Int
    let rates: PairCost.Rates
  }

  let small: [Trial]
  let large: [Trial]

  /// The trials of one model.
  subscript(role: Role) -> [Trial] { role == .small ? small : large }

  /// Drafts at once whose time is measured.
  static let batches = [3, 5, 8]
  /// Draft tokens of speculative decoding, whose verification is measured.
  static let draftLength = 4

  /// - Parameters:
  ///   - progress: Is told what is measured next.
  ///
  /// Throws what the engine throws.
  init(small: GGUFFile, large: GGUFFile, cores: Int, progress: (String) -> Void) async throws {
    var candidates = [1]
    while candidates[candidates.count - 1] * 2 <= min(cores, 512) {
      candidates.append(candidates[candidates.count - 1] * 2)
    }
    self.small = try await Self.trials(of: small, .small, candidates, progress)
    self.large = try await Self.trials(of: large, .large, candidates, progress)
  }

  /// For tests and programs that have measured elsewhere.
  init(small: [Trial], large: [Trial]) { (self.small, self.large) = (small, large) }

  private static func trials(
    of file: GGUFFile, _ role: Role, _ candidates: [Int], _ progress: (String) -> Void
  ) async throws -> [Trial] {
    var trials: [Trial] = []
    func measure(_ threads: Int, _ flashAttention: FlashAttention) async throws {
      progress(
        "\(role.rawValue) model, \(threads) compute thread\(threads == 1 ? "" : "s"), flash attention "
          + flashAttention.rawValue)
      let engine = try await LlamaEngine.load(
        file,
        LlamaParameters(
          contextSize: 1024, extendsContext: true, sequences: role == .small ? (batches.max() ?? 0) + 1 : 2,
          cells: 2048, threads: threads, flashAttention: flashAttention))
      let rates = try await EngineRates(engine)
      trials.append(
        Trial(
          threads: threads, flashAttention: flashAttention, depth: rates.depth, rates: try await rates.all(for: role)))
      await engine.close()
    }
    for threads in candidates { try await measure(threads, .off) }
    if let best = trials.fastest { try await measure(best.threads, .on) }
    return trials
  }

  /// The cost of the pair under the conditions that suit the large model, which takes most of the time.
  var cost: PairCost? {
    guard let best = large.fastest else { return nil }
    let same = small.filter { $0.threads == best.threads }
    guard let own = same.first(where: { $0.flashAttention == best.flashAttention }) ?? same.first else { return nil }
    return PairCost(small: own.rates, large: best.rates)
  }
}

extension [PairMeasurement.Trial] {
  /// The one that writes fastest.
  var fastest: PairMeasurement.Trial? { self.max { $0.rates.decode < $1.rates.decode } }

  /// The first one with so many threads and such attention.
  func trial(_ threads: Int, _ flashAttention: FlashAttention) -> PairMeasurement.Trial? {
    first { $0.threads == threads && $0.flashAttention == flashAttention }
  }
}

/// Measures one engine.
private struct EngineRates {
  private let engine: LlamaEngine
  private let session: LlamaSession
  private let tokens: [Token]
  private let prefill: Double
  let depth: Int

  /// About this many seconds are spent on each rate.
  private static let span = 0.7

  /// Reads a prompt that takes about as long as it should.
  init(_ engine: LlamaEngine) async throws {
    self.engine = engine
    let session = try await engine.makeSession()
    var generator = SplitMix64(seed: 1)
    let size = Int32(engine.tokenizer.vocabulary.size)
    let tokens = (0..<512).map { _ in Token(rawValue: Int32.random(in: 0..<size, using: &generator)) }
    try await session.extend(to: Array(tokens.prefix(16)))  // brings the weights into memory
    let first = try await Self.seconds { _ = try await session.extend(to: Array(tokens.prefix(48))) }
    let depth = min(max(48 + Int(Self.span / first * 32), 96), 448)
    let seconds = try await Self.seconds { _ = try await session.extend(to: Array(tokens.prefix(depth))) }
    prefill = Double(depth - 48) / seconds
    (self.session, self.tokens, self.depth) = (session, tokens, depth)
  }

  /// The rates that the cost model needs of the model in a role.
  func all(for role: Role) async throws -> PairCost.Rates {
    _ = try await session.sample(Self.request(2))
    let two = try await Self.seconds { _ = try await session.sample(Self.request(2)) }
    let count = min(max(Int(Self.span / two * 2), 8), 64)
    let decode = Double(count) / (try await Self.seconds { _ = try await session.sample(Self.request(count)) })
    var rates = PairCost.Rates(prefill: prefill, decode: decode)
    if role == .large {
      rates.pass = [PairMeasurement.draftLength + 1: try await pass(PairMeasurement.draftLength + 1)]
    }
    for sequences in role == .small ? PairMeasurement.batches : [] {
      rates.batch[sequences] = try await write(sequences, max(count / 2, 8))
    }
    await session.close()
    return rates
  }

  /// The median time of a pass over `count` tokens of one sequence.
  private func pass(_ count: Int) async throws -> Double {
    var times: [Double] = []
    for _ in 0..<5 {
      try await session.extend(to: Array(tokens.prefix(depth)))
      times.append(
        try await Self.seconds { _ = try await session.extend(to: Array(tokens.prefix(depth + count))) })
    }
    return times.sorted()[times.count / 2]
  }

  /// Tokens a second of forks that write together, as drafts do.
  private func write(_ sequences: Int, _ count: Int) async throws -> Double {
    try await session.extend(to: Array(tokens.prefix(depth)))
    var forks: [LlamaSession] = []
    for _ in 0..<sequences { forks.append(try await session.fork()) }
    let seconds = try await Self.seconds { [forks] in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for fork in forks { group.addTask { _ = try await fork.sample(Self.request(count)) } }
        try await group.waitForAll()
      }
    }
    for fork in forks { await fork.close() }
    return Double(sequences * count) / seconds
  }

  private static func request(_ count: Int) -> GenerationRequest {
    GenerationRequest(sampling: .greedy, limit: count, ignoresEndOfGeneration: true)
  }

  private static func seconds(_ body: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    try await body()
    return start.duration(to: .now) / .seconds(1)
  }
}
