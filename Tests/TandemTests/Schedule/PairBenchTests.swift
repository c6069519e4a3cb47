import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `A bench of a pair` {
  private static let schedule = `A scheduled model`.schedule

  /// A model that takes a millisecond for each pass and each token.
  private func slow(_ name: String) -> FunctionModel {
    let tokenizer = ByteTokenizer()
    let options = MemoryOptions { _ in try await Task.sleep(for: .milliseconds(1)) }
    return FunctionModel(name: name, tokenizer: tokenizer, options: options) { _ in
      [Float](repeating: 0, count: tokenizer.vocabulary.size)
    }
  }

  @Test func `tells what each model did, and how long it took`() async throws {
    let bench = try await PairBench(small: slow("small"), large: slow("large"), Self.schedule)
    let alone = try await bench.run(PairBenchRow(LargeOnly.name, Self.schedule))
    let (small, large) = (try #require(alone.work[.small]), try #require(alone.work[.large]))
    #expect(small.written == 0 && small.read == 0 && small.seconds.isEmpty)
    #expect(large.written == 67, "sixty, the delimiter, five and the end of the turn")
    #expect((large.seconds[.prefill] ?? 0) >= 0.001 && (large.seconds[.decode] ?? 0) >= 0.067)
    #expect(large.seconds[.catchUp, default: 0] == 0 && large.seconds[.scores] == nil)
    #expect(alone.idle < alone.seconds)
    let busy = large.seconds.values.reduce(0, +)
    #expect(abs(busy + alone.idle - alone.seconds) < 0.001)
  }

  @Test func `tells reading from catching up and from judging`() async throws {
    let bench = try await PairBench(small: slow("small"), large: slow("large"), Self.schedule)
    let steps = try await bench.run(PairBenchRow(SpecReason.name, Self.schedule))
    #expect((steps.work[.large]?.seconds[.scores] ?? 0) > 0)
    let drafts = try await bench.run(PairBenchRow(SpeculativeCoT.name, settings: ["drafts": 3], Self.schedule))
    let large = try #require(drafts.work[.large])
    #expect((large.seconds[.scores] ?? 0) > 0)
    #expect((large.seconds[.catchUp] ?? 0) > 0, "the chosen draft")
    // Three at once count once.
    let small = try #require(drafts.work[.small])
    #expect(small.written == 3 * 61)
    #expect((small.seconds[.decode] ?? 0) + (small.seconds[.sampling] ?? 0) <= drafts.seconds)
  }

  @Test func `refuses a window in which the schedule has no room`() async throws {
    let large = FunctionModel(name: "large", options: MemoryOptions(contextSize: 500)) { _ in
      [Float](repeating: 0, count: ByteTokenizer().vocabulary.size)
    }
    let bench = try await PairBench(small: slow("small"), large: large, Self.schedule)
    let row = try PairBenchRow(SpeculativeCoT.name, Self.schedule)
    let error = await #expect(throws: EngineError.self) { try await bench.run(row) }
    #expect(error?.description.contains("contextSize is 500, and speculative-cot takes") == true)
    #expect(error.map { "\($0)" }?.contains("\(PairBench.contextSize(for: [row], Self.schedule))") == true)
  }

  @Test func `has rows for the baselines, for what uses both models, and for speculative decoding`() throws {
    #expect(PairBenchRow.names.prefix(2) == [LargeOnly.name, SmallOnly.name])
    #expect(PairBenchRow.names.contains(SpeculativeThinking.name) && PairBenchRow.names.contains(SpeculativeCoT.name))
    #expect(!PairBenchRow.names.contains(EarlyExit.name))
    #expect(PairBenchRow.names.last == PairBenchRow.speculativeDecoding)
    #expect(try PairBenchRow(PairBenchRow.speculativeDecoding, Self.schedule).sessions == [.small: 1, .large: 1])
    #expect(throws: ReasoningError.self) { try PairBenchRow("speculative", Self.schedule) }
    #expect(throws: ReasoningError.self) {
      try PairBenchRow(SpeculativeCoT.name, settings: ["draft": 1], Self.schedule)
    }
  }
}
