import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// What drawing a token costs, for rows of logits as long as a real vocabulary. Built and called by scripts/bench/sampler:
//
//   SamplerBenchmark golden [short]       what is drawn, a number for each kind of row
//   SamplerBenchmark SIZE ROUNDS [KIND]   a table: microseconds a token, the median of the rounds, the least and the most

struct Benchmark {
  let size: Int
  let rounds: Int
  let kinds: [GoldenDraws.Kind]
  private let prompt = (0..<100).map { Token(rawValue: Int32($0)) }

  func run() throws {
    print("| rows | drawing | µs a token | least | most |\n| --- | --- | --- | --- | --- |")
    var generator = SplitMix64(seed: 7)
    for kind in kinds {
      let rows = (0..<4).map { _ in GoldenDraws.row(kind, size, &generator) }
      for (name, request) in requests { try time(name, kind, rows, request) }
    }
  }

  private var requests: [(name: String, request: GenerationRequest)] {
    func request(
      _ sampling: SamplingParameters, watches: Bool = false, processors: [any LogitProcessor] = [],
      alternatives: Int = 0
    ) -> GenerationRequest {
      GenerationRequest(
        sampling: sampling, seed: 1, processors: processors, limit: 1, alternatives: alternatives,
        watched: watches ? Token(rawValue: Int32(size / 2)) : nil)
    }
    return [
      ("greedy", request(.greedy)),
      ("T 0.6", request(.init(topP: 1))),
      ("T 0.6, top-p 0.95", request(.init())),
      ("T 0.6, top-p 0.95, a token watched: thinking", request(.init(), watches: true)),
      ("the same, and a logit processor", request(.init(), watches: true, processors: [TokenBan([0])])),
      ("the same, and 20 alternatives", request(.init(), watches: true, alternatives: 20)),
      ("T 0.6, top-k 20, top-p 0.95", request(.init(topK: 20))),
      ("T 0.6, top-p 0.95, min-p 0.05", request(.init(minP: 0.05))),
    ]
  }

  /// In microseconds: what other programs take of a busy machine is left out.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }

  private func time(
    _ name: String, _ kind: GoldenDraws.Kind, _ rows: [[Float]], _ request: GenerationRequest
  ) throws {
    var sampler = Sampler(request)
    var times: [Double] = []
    for round in 0..<rounds + 1 {  // the first one fills the buffers
      let row = rows[round % rows.count]
      let start = processorTime()
      _ = try sampler.sample(row.span, after: prompt)
      if round > 0 { times.append(processorTime() - start) }
    }
    times.sort()
    let columns = [times[times.count / 2], times[0], times[times.count - 1]].map { "\(Int($0.rounded()))" }
    print("| \(kind) | \(name) | \(columns.joined(separator: " | ")) |")
  }
}

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "golden" {
  let draws =
    arguments.contains("short")
    ? GoldenDraws(sizes: [5, 8, 61, 333, 1003], stride: 7) : GoldenDraws(sizes: [152_064, 151_667], stride: 13)
  for kind in GoldenDraws.Kind.allCases { print(kind, String(draws.digest(kind), radix: 16)) }
} else {
  let numbers = arguments.compactMap { Int($0) }
  let kinds = arguments.compactMap(GoldenDraws.Kind.init)
  try Benchmark(
    size: numbers.first ?? 152_064, rounds: numbers.dropFirst().first ?? 101,
    kinds: kinds.isEmpty ? [.flat, .real, .peaked] : kinds
  ).run()
}
