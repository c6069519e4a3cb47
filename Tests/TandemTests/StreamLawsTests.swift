import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The text that a run streams` {
  static let names = Strategies.all.map { $0.name }

  /// Different settings, drawn from what each accepts, so that a new strategy and a new setting are covered too.
  @Test(arguments: names)
  func `as final, and as tentative once it is accepted, is the chain`(name: String) async throws {
    var (random, finished) = (SplitMix64(seed: 15), 0)
    for seed in 0..<40 as Range<UInt64> {
      guard let strategy = try drawn(name, &random) else { continue }
      let pair = Pair(
        small: FunctionModel.thinker("small", wait: 2, options: .init(places: 300)),
        large: FunctionModel.thinker("large", wait: 0.5, options: .init(places: 300)),
        budget: Budget(thinkingTokens: [10, 60][Int(seed % 2)], answerTokens: 10, landingTokens: Int(seed % 3)))
      let run = await pair.run(strategy, seed: seed)
      guard run.error == nil else { continue }
      #expect(run.streamed == run.kept, "\(strategy)")
      finished += 1
    }
    #expect(finished > 10)
  }

  /// The default settings, or others with which a run of these models is short.
  private func drawn(_ name: String, _ random: inout SplitMix64) throws -> (any Strategy)? {
    let settings = try Strategies.named(name).settingDescriptions.reduce(into: [String: Setting]()) {
      if random.uniform() < 0.4 { $0[$1.name] = $1.kind.drawn(&random) }
    }
    return try? Strategies.make(name, settings: settings)
  }

  @Test(arguments: names)
  func `makes snapshots that take nothing back`(name: String) async throws {
    for seed in 0..<4 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small", wait: 2), large: FunctionModel.thinker("large", wait: 0.5))
      let budget = Budget(thinkingTokens: 60, answerTokens: 10)
      let solver = Solver(small: pair.small, large: pair.large, budget: budget)
      let strategy = try Strategies.make(name, settings: `Every strategy`.settings[name] ?? [:])
      let session = ReasoningSession(solver, strategy: strategy)
      var last: Snapshot?
      for try await snapshot in try await session.streamResponse(to: "Q", options: .init(seed: seed)) {
        #expect(snapshot.reasoning.utf8.starts(with: (last?.reasoning ?? "").utf8))
        #expect(snapshot.content.utf8.starts(with: (last?.content ?? "").utf8))
        last = snapshot
      }
      #expect(last?.outcome != nil && last?.content == last?.outcome?.answer)
    }
  }

  @Test func `is held back only as long as it may be a word that is cut off`() async {
    let pair = Pair(small: ScriptedModel("A. Wa, WaB. Wait, C.</think>", "{6}\n", "six<|im_end|>"))
    let run = await pair.run(EarlyExit())
    let beforeTrial = run.deltas.prefix { $0.path == nil }
    #expect(beforeTrial.filter { !$0.isTentative }.map(\.text).joined() == "A. Wa, WaB. ")
    #expect(beforeTrial.map(\.text).filter { $0.hasPrefix("Wa") } == ["Wa,", "WaB", "Wait"])
    #expect(run.story.contains("small - Wait  [confident]"))
    #expect(run.streamed == run.kept)
  }

  @Test func `is final up to the character that another model writes again`() async throws {
    let rows: [String: [String: Float]] = [
      "": ["a ": 1, "B ": 0], "a a ": ["x ": 1, "y ": 1], "B ": ["</think>": 1], "</think>": ["<|im_end|>": 1],
    ]
    var large = rows
    large["a a "] = ["B ": 1]
    let pair = Pair(small: FunctionModel.table(rows), large: FunctionModel.table(large))
    let run = await pair.run(EntropySwitching.rStitch)
    #expect(run.deltas.map { "\($0.text)\($0.isTentative ? "?" : "")" }.dropLast(2) == ["a ", "a "])
    #expect(run.deltas.filter(\.isTentative).map(\.text) == run.rejected.map(\.text))
  }

  @Test func `has the index of the draft or trial that is written apart from the chain`() async throws {
    for seed in 0..<8 as Range<UInt64> {
      let run = await Pair(small: FunctionModel.thinker("small")).run(DraftsAndTrials(), seed: seed)
      let texts = Dictionary(grouping: run.deltas) { $0.path ?? -1 }.mapValues { $0.map(\.text).joined() }
      #expect(texts.keys.sorted() == Array(0..<7))
      #expect((0..<7).compactMap { texts[$0] }.joined() == run.rejected.map(\.text).joined())
      #expect(run.deltas.allSatisfy { $0.isTentative })
    }
  }
}

/// Four drafts and three trials, none of them kept.
private struct DraftsAndTrials: Strategy {
  static let name = "drafts-and-trials"
  static let about = StrategyDescription(summary: "", tested: "")
  static let settings: [SettingSpec<Self>] = []
  static let requirements: [Role: EngineCapabilities] = [.small: .fork]

  func reason(in run: inout ReasoningRun) async throws {
    for draft in try await run.draft(.small, count: 4, upTo: .endOfTurn(thinking: 30)) {
      run.reject(draft, because: "test")
    }
    for trial in try await run.attempt(.small, count: 3, upTo: .tokens(20)) { run.reject(trial, because: "test") }
  }
}

extension Run {
  /// What stays, as it was streamed: who wrote what in which part.
  var streamed: [String] {
    var text = FinalText()
    return joined(events.flatMap { text.take($0) }.map { ($0.author, $0.segment, $0.text) })
  }

  /// The accepted chain in the same form.
  var kept: [String] { joined(trace.thoughts.map { ($0.author, $0.segment, $0.text) }) }

  private func joined(_ pieces: [(Author, Segment, String)]) -> [String] {
    var runs: [(Author, Segment, String)] = []
    for piece in pieces where !piece.2.isEmpty {
      if let last = runs.last, (last.0, last.1) == (piece.0, piece.1) {
        runs[runs.count - 1].2 += piece.2
      } else {
        runs.append(piece)
      }
    }
    return runs.map { "\($0.0) \($0.1): \($0.2)" }
  }
}

extension SettingKind {
  /// A value that it accepts; small, so that runs are short.
  fileprivate func drawn(_ random: inout SplitMix64) -> Setting {
    func one(of values: [Setting]) -> Setting { values[Int(random.next() % UInt64(values.count))] }
    switch self {
    case .flag: return one(of: [.flag(true), .flag(false)])
    case .choice(let words): return one(of: words.map(Setting.text))
    case .text(let placeholders): return one(of: ["wait ", "", .text("yes " + placeholders.joined(separator: " "))])
    case .texts: return one(of: [.list(["wait "]), .list(["so wait ", "check "]), .list(["1", "2"]), .list([])])
    case .integer(let range):
      return .integer(Int(min((range.minimum ?? 0) + Double(random.next() % 12), range.maximum ?? .infinity)))
    case .number(let range):
      return one(of: [-1, 0, 0.1, 0.3, 0.54, 0.95, 1, 4, 9, .infinity].filter(range.contains).map(Setting.number))
    }
  }
}
