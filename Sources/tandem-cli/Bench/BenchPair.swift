import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSetup

struct BenchPair: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pair", abstract: "Measure what strategies cost on two models, whatever these have learned.",
    discussion: """
      Strategies run as they are, on both models' engines: each token is evaluated and drawn. Only what is written comes from a \
      schedule: how long thoughts are, which of them begin with a cue, how many steps and draft tokens are right. So the models can be \
      untrained, and rows differ in the strategy alone.

      A schedule is a YAML or JSON file; docs/command-line.md has its keys. What it leaves out keeps its default.

      Seconds are the median of the rounds, in which the rows take turns. A ratio is that to large-only in the same round. Of the \
      time of each model: prefill is reading its prompt, catch-up reading the chain, scores reading to judge, sampling drawing \
      tokens (measured beforehand). What neither model does is other.

      EXAMPLES
        tandem bench pair nano-small nano-large --thinking 60 --answer 8
        tandem bench pair S.gguf L.gguf --threads 2 --rounds 5 --format json
        tandem bench pair S.gguf L.gguf --schedule mine.yml --strategy large-only
        tandem bench pair S.gguf L.gguf --set speculative-cot.drafts=1
      """)

  @Argument(help: "The small model: a name, a path, or hf:OWNER/REPO/FILE.gguf.") var small: String
  @Argument(help: "The large model: the same.") var large: String

  @Option(help: ArgumentHelp("What is written, as a YAML or JSON file.", valueName: "file")) var schedule: String?
  @Option(help: ArgumentHelp("Tokens of thinking. Default: the schedule's, else 256.", valueName: "tokens"))
  var thinking: Int?
  @Option(help: ArgumentHelp("Tokens of the answer. Default: the schedule's, else 60.", valueName: "tokens"))
  var answer: Int?
  @Option(help: "The share of draft tokens that is right. Default: the schedule's, else 0.7.") var acceptance: Double?

  @Option(
    help: """
      A row of the table: a strategy, or speculative-decoding. May be repeated. Default: the baselines, all strategies that use both \
      models, and speculative decoding.
      """)
  var strategy: [String] = []
  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp(
      "Change a setting of a row's strategy. May be repeated.", valueName: "strategy.name=value"))
  var changes: [String] = []
  @Option(help: "The most draft tokens at a time in speculative decoding.") var draftMax = 4

  @Option(name: [.customShort("r"), .long], help: "How often each row is run.") var rounds = 1
  @Option(name: [.customShort("t"), .long], help: "Compute threads for each model.") var threads = 1
  @Option(
    name: [.customShort("c"), .long], help: "The most tokens of one sequence. Default: what the schedule needs.")
  var ctxSize: Int?
  @Option(help: "Layers to keep on a GPU; negative for all.") var gpuLayers = -1
  @Option(help: "Flash attention: auto, on or off.") var flashAttn = FlashAttention.automatic
  @Option(help: "Temperature; 0 always takes the most likely token.") var temp: Float = 0.6
  @Option(help: "Keep the k most likely tokens; 0 keeps all.") var topK = 0
  @Option(help: "Keep the most likely tokens that together have this probability.") var topP: Float = 0.95
  @Option(name: [.customShort("s"), .long], help: "Seed of what is drawn.") var seed: UInt64 = 0
  @Option(help: "text or json.") var format = OutputFormat.text

  func validate() throws {
    guard 1...1000 ~= rounds else { throw ValidationError("--rounds must be from 1 to 1000.") }
    guard 1...64 ~= draftMax else { throw ValidationError("--draft-max must be from 1 to 64.") }
  }

  func run() async throws {
    let schedule = try chosenSchedule()
    let rows = try self.rows(schedule)
    let pair = try await load(rows, schedule)
    let sampling = SamplingParameters(temperature: temp, topK: topK, topP: topP)
    let bench = try await PairBench(small: pair.small, large: pair.large, schedule, sampling: sampling)
    for row in rows { try bench.check(row) }
    try await warmUp(pair, schedule)
    var report = PairReport(small: pair.small.name, large: pair.large.name, threads, rounds, schedule, rows)
    for _ in 0..<rounds {
      for (index, row) in rows.enumerated() where report.rows[index].fault == nil {
        try Task.checkCancellation()
        do { report.rows[index].add(try await bench.run(row, seed: seed)) } catch {
          guard strategy.isEmpty, let fault = Self.lack(error) else { throw error }
          report.rows[index].fault = fault
        }
      }
    }
    if format == .json { return try printJSON(report.summary) }
    Console.write(report.text)
  }

  /// What a row that nobody asked for lacks in this pair; nil for any other error.
  private static func lack(_ error: any Error) -> String? {
    switch error {
    case ReasoningError.missing, ReasoningError.unsuitable, EngineError.unsupported,
      EngineError.invalidParameter("draft", _):
      "\(error)"
    default: nil
    }
  }

  private func chosenSchedule() throws -> WritingSchedule {
    var chosen = try schedule.map { try OptionFile($0).options(WritingSchedule.self, kind: "a schedule") } ?? .init()
    chosen.thinking = thinking ?? chosen.thinking
    chosen.answer = answer ?? chosen.answer
    chosen.acceptance = acceptance ?? chosen.acceptance
    try chosen.validate()
    return chosen
  }

  private func rows(_ schedule: WritingSchedule) throws -> [PairBenchRow] {
    let names = strategy.isEmpty ? PairBenchRow.names : strategy
    var settings: [String: [String]] = [:]
    for change in changes {
      guard let point = change.firstIndex(of: "."), case let name = String(change[..<point]), names.contains(name)
      else {
        throw ValidationError("--set takes STRATEGY.NAME=VALUE for a strategy of the table, not '\(change)'.")
      }
      settings[name, default: []].append(String(change[change.index(after: point)...]))
    }
    return try names.map {
      try PairBenchRow(
        $0, settings: StrategyOptions.settings(settings[$0] ?? []), draftTokens: draftMax, schedule)
    }
  }

  /// Both models, each with an engine of its own, even if they are the same file.
  private func load(
    _ rows: [PairBenchRow], _ schedule: WritingSchedule
  ) async throws -> (small: any LanguageModel, large: any LanguageModel) {
    for name in [small, large] { _ = try ModelStore().url(of: ModelReference(parsing: name)) }
    let (window, loader) = (ctxSize ?? PairBench.contextSize(for: rows, schedule), EngineLoader.engines(nil))
    let conditions = try await RunOptions(
      small: small, large: large, contextSize: window, extendsContext: true, threads: threads, gpuLayers: gpuLayers,
      flashAttention: flashAttn
    ).conditions(for: [.small, .large], loader: loader)
    // Drafts are no longer than a run; only the question about all of them takes the whole window.
    let run = min(window, PairBench.contextSize(for: [], schedule))
    func load(_ role: Role) async throws -> any LanguageModel {
      var size = try PairSize(PairNeeds([]), conditions)
      let sequences = rows.compactMap { $0.sessions[role] }.max() ?? 1
      let isShared = sequences > 1
      (size.sequences, size.layouts) = ([role: sequences], [role: isShared ? .shared : .separate])
      size.cells = isShared ? [role: window + (sequences - 1) * run] : [:]
      guard let setup = try Pair.setups(conditions, size)[role] else { throw SetupError.modelMissing(role: role) }
      return try await loader.load(setup)
    }
    return (try await load(.small), try await load(.large))
  }

  /// The first passes over a model bring its weights into memory.
  private func warmUp(
    _ pair: (small: any LanguageModel, large: any LanguageModel), _ schedule: WritingSchedule
  ) async throws {
    var short = schedule
    (short.thinking, short.answer, short.outline) = (min(schedule.thinking, 8), 1, 1)
    let bench = try await PairBench(small: pair.small, large: pair.large, short)
    for name in [SmallOnly.name, LargeOnly.name] { _ = try await bench.run(PairBenchRow(name, short)) }
  }
}
