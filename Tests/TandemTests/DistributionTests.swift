import Tandem
import TandemInference
import TandemTesting
import Testing

/// Words apart by blank lines: `so`, `wait` or `yes`, and then either another one or the answer. The probability of a
/// whole run can be worked out on paper.
@Suite(.timeLimit(.minutes(20))) struct `The distribution of whole runs` {
  private static let words: [String: Float] = ["so": 0.4, "wait": 0.3, "yes": 0.3]
  private static let more: Float = 0.7
  private let count = 600

  private func model(_ words: [String: Float] = Self.words) -> FunctionModel {
    let follow: [String: Float] = ["\n\n": Self.more, "</think>": 1 - Self.more]
    var rows: [String: [String: Float]] = ["": words, "</think>": ["<|im_end|>": 1]]
    for word in words.keys { rows[word] = follow }
    return .table(rows)
  }

  /// What `model` thinks on its own: up to three words, and "…" for longer runs.
  private func expected(_ words: [String: Float] = Self.words) -> [String: Double] {
    var (all, beginnings) = ([String: Double](), ["": 1.0])
    for _ in 0..<3 {
      var longer: [String: Double] = [:]
      for (text, p) in beginnings {
        for (word, weight) in words {
          all[text + word, default: 0] += p * Double(weight) * Double(1 - Self.more)
          longer[text + word + "\n\n", default: 0] += p * Double(weight) * Double(Self.more)
        }
      }
      beginnings = longer
    }
    all["…"] = beginnings.values.reduce(0, +)
    return all
  }

  private func sample(_ pair: Pair, _ strategy: any Strategy) async -> [String: Int] {
    var counts: [String: Int] = [:]
    for seed in 0..<UInt64(count) {
      let thinking = await pair.run(strategy, seed: seed).thinking
      counts[thinking.split(separator: "\n\n").count > 3 ? "…" : thinking, default: 0] += 1
    }
    return counts
  }

  private func speculative(_ change: (inout SpeculativeThinking) -> Void = { _ in }) -> SpeculativeThinking {
    .brief {
      ($0.probeTokens, $0.takeoverTokens, $0.excessThreshold) = (1, 1, 100_000)
      change(&$0)
    }
  }

  @Test func `of one model is that model's`() async {
    let test = ChiSquare(await sample(Pair(small: model()), SmallOnly()), expected: expected())
    #expect(test.fits, "\(test)")
  }

  @Test func `of a model that takes over from itself is that model's, when statements are discarded`() async {
    let test = ChiSquare(await sample(Pair(small: model(), large: model()), speculative()), expected: expected())
    #expect(test.fits, "\(test)")
  }

  @Test func `shifts towards statements when those are kept, and by how much`() async {
    let pair = Pair(small: model(), large: model())
    let counts = await sample(pair, speculative { $0.statements = .keep })
    let test = ChiSquare(counts, expected: expected())
    #expect(!test.fits, "\(test)")
    // After a blank line "so" comes from the probe, or else from the take-over: 0.4 + 0.6 · 0.4.
    let exact = ["so": 0.64, "wait": 0.18, "yes": 0.18]
    #expect(ChiSquare(second(counts), expected: exact).fits, "\(second(counts))")
  }

  /// How often each word came after the first blank line.
  private func second(_ counts: [String: Int]) -> [String: Int] {
    counts.filter { $0.key.contains("\n\n") }.reduce(into: [:]) { result, entry in
      result[String(entry.key.split(separator: "\n\n")[1]), default: 0] += entry.value
    }
  }

  @Test func `shifts towards affirmation when the large model is not preferred, and by how much`() async {
    let pair = Pair(small: model(), large: model())
    let words = second(await sample(pair, speculative { $0.prefersLarge = false }))
    // An affirmation stays unless the large model reflects; a reflection stays where it would have come anyway.
    #expect(ChiSquare(words, expected: ["so": 0.28, "wait": 0.3, "yes": 0.42]).fits, "\(words)")
    #expect(!ChiSquare(words, expected: ["so": 0.4, "wait": 0.3, "yes": 0.3]).fits, "\(words)")
  }

  @Test func `without cues is the small model's`() async {
    let large = model(["never": 1])
    let strategy = speculative { ($0.affirmationWords, $0.reflectionWords, $0.verificationWords) = ([], [], []) }
    let test = ChiSquare(await sample(Pair(small: model(), large: large), strategy), expected: expected())
    #expect(test.fits, "\(test)")
    #expect(large.counters == EngineCounters())
  }

  @Test func `with everything taken over is the large model's`() async {
    let small = model(["never": 1])
    let strategy = speculative { ($0.nonReasoning, $0.openingTokens) = (true, 1_000_000) }
    let test = ChiSquare(await sample(Pair(small: small, large: model()), strategy), expected: expected())
    #expect(test.fits, "\(test)")
    #expect(small.counters == EngineCounters())
  }

  @Test func `with take-overs without end is the large model's after the first blank line`() async {
    let small = model(["never": 1])
    let strategy = speculative { ($0.nonReasoning, $0.takeoverTokens) = (true, 1_000_000) }
    var rest: [String: Int] = [:]
    for (text, count) in await sample(Pair(small: small, large: model()), strategy) where text.contains("\n\n") {
      #expect(text.hasPrefix("never\n\n"))
      rest[String(text.dropFirst("never\n\n".count)), default: 0] += count
    }
    let short = expected().filter { $0.key.split(separator: "\n\n").count < 3 && $0.key != "…" }
    let test = ChiSquare(rest, expected: short)
    #expect(test.fits, "\(test)")
  }

  @Test func `of random take-overs by the same model is that model's`() async {
    let pair = Pair(small: model(), large: model())
    let test = ChiSquare(await sample(pair, RandomTakeover()), expected: expected())
    #expect(test.fits, "\(test)")
  }

  @Test func `of entropy switching between two of one model is that model's`() async {
    // A word has an entropy of 1.09 nats, what follows it 0.61: the pen changes hands at each.
    var strategy = EntropySwitching()
    (strategy.threshold, strategy.isNormalised) = (0.8, false)
    let run = await Pair(small: model(), large: model()).run(strategy, seed: 1)
    #expect(run.trace.thoughts.contains { $0.author == .large })
    let test = ChiSquare(await sample(Pair(small: model(), large: model()), strategy), expected: expected())
    #expect(test.fits, "\(test)")
  }
}
