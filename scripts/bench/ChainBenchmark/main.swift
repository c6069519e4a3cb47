import Tandem
import TandemInference
import TandemTesting

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// What a hand-over costs outside the engines, by the length of the chain. Built and called by scripts/bench/chain.
//
// Two models without weights write a thought of sixteen tokens in turn, so that nearly all time is Tandem's own. Where
// that is linear, a thousand tokens of a long run take as long as those of a short one.

struct Alternate: Strategy {
  static let name = "alternate"
  static let about = StrategyDescription(summary: "Thoughts in turn.", tested: "in a benchmark")
  static let settings: [SettingSpec<Self>] = []
  static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  func reason(in run: inout ReasoningRun) async throws {
    var role = Role.small
    while run.canThink {
      try run.accept(try await run.write(role, upTo: .boundary()))
      role = role.other
    }
    try await run.conclude(by: .small)
  }
}

func model(_ name: String, isForeign: Bool = false) -> FunctionModel {
  let tokenizer = ByteTokenizer(words: ["\n\n"], alphabet: Array("abc".utf8), isReversed: isForeign)
  let (letter, end) = (tokenizer.token(spelled: "a"), tokenizer.token(spelled: "\n\n"))
  return FunctionModel(name: name, tokenizer: tokenizer, options: .init(contextSize: 1 << 17)) { tokens in
    var logits = [Float](repeating: -9, count: tokenizer.vocabulary.size)
    if let token = tokens.count % 16 == 15 ? end : letter { logits[Int(token.rawValue)] = 9 }
    return logits
  }
}

/// Seconds of all threads: what other programs take of a busy machine is left out.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func solver(_ tokens: Int, isForeign: Bool) -> Solver {
  Solver(
    small: Participant(model("small")), large: Participant(model("large", isForeign: isForeign)),
    budget: Budget(thinkingTokens: tokens, answerTokens: 16))
}

let kinds: [(name: String, run: (Int) async throws -> Void)] = [
  ("hand-overs", { try await solver($0, isForeign: false).solve(Problem(question: "Q"), with: Alternate()) { _ in } }),
  (
    "hand-overs between two vocabularies",
    { try await solver($0, isForeign: true).solve(Problem(question: "Q"), with: Alternate()) { _ in } }
  ),
  (
    "one thought, snapshots read",
    {
      let session = ReasoningSession(solver($0, isForeign: false), strategy: SmallOnly())
      var length = 0
      for try await snapshot in try await session.streamResponse(to: "Q") { length = snapshot.reasoning.utf8.count }
      precondition(length > 0)
    }
  ),
]

let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 5
print("| run | tokens | hand-overs | ms a thousand tokens | least | most |\n| --- | --- | --- | --- | --- | --- |")
for (name, run) in kinds {
  for tokens in [2_000, 8_000, 32_000] {
    var times: [Double] = []
    for _ in 0..<rounds {
      let start = processorTime()
      try await run(tokens)
      times.append((processorTime() - start) * 1e6 / Double(tokens))
    }
    times.sort()
    let columns = [times[times.count / 2], times[0], times[times.count - 1]].map { "\(($0 * 100).rounded() / 100)" }
    let count = name.hasPrefix("hand") ? "\(tokens / 16)" : "0"
    print("| \(name) | \(tokens) | \(count) | \(columns.joined(separator: " | ")) |")
  }
}
