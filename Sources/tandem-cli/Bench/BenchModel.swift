import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels

struct BenchModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Measure the engine with one model: prefill, decode, many sequences, fork and rewind.",
    discussion: """
      Rates are in tokens per second: the median, lowest and highest of the repetitions. scripts/bench compares them with \
      those of llama-bench and llama-server.

      EXAMPLES
        tandem bench nano-large
        tandem bench smollm2-135m-q4_0 -p 512 -n 128 --parallel 1,8,32
      """)

  @Argument(help: "A model: a name, a path, or hf:OWNER/REPO/FILE.gguf.") var model: String
  @Option(name: .customShort("p"), help: "Prompt tokens.") var promptTokens = 256
  @Option(name: .customShort("n"), help: "Tokens to generate.") var tokens = 128
  @Option(name: .customShort("r"), help: "Repetitions.") var repetitions = 5
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
  @Option(help: "Numbers of simultaneous sequences, separated by commas.") var parallel = "1,8"
  @Option(help: "Flash attention: auto, on or off.") var flashAttn = FlashAttention.automatic
  @Option(help: "The cache's layout: shared or separate.") var cache = CacheLayout.shared
  @Option(help: "The keys in the cache: f32, f16, q8_0 or q4_0.") var cacheTypeK = CacheType.f16
  @Option(help: "The values in the cache: the same.") var cacheTypeV = CacheType.f16
  @Option(help: "text or json.") var format = OutputFormat.text

  func validate() throws {
    let most = Budget.mostTokens
    guard 1...most ~= promptTokens, 2...most ~= tokens, 1...100_000 ~= repetitions else {
      throw ValidationError("-p must be from 1 to \(most), -n from 2 to \(most), -r from 1 to 100000.")
    }
    guard 1...256 ~= threads else { throw ValidationError("--threads must be from 1 to 256.") }
    guard !counts.isEmpty, counts.count == parallel.split(separator: ",").count else {
      throw ValidationError("--parallel takes numbers separated by commas, not '\(parallel)'.")
    }
  }

  private var counts: [Int] { parallel.split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 } }

  func run() async throws {
    let path = try ModelStore().url(of: ModelReference(parsing: model)).path
    var report = Report(model: model, threads: threads, prompt: promptTokens, tokens: tokens)
    for count in counts { try await measure(path, count, &report) }
    if format == .json { return try printJSON(report) }
    Console.write(report.table)
  }

  private func measure(_ path: String, _ count: Int, _ report: inout Report) async throws {
    let file = try GGUFFile(path: path)
    let parameters = LlamaParameters(
      contextSize: promptTokens + tokens, sequences: count + 1, cache: cache, cacheTypeK: cacheTypeK,
      cacheTypeV: cacheTypeV, threads: threads, flashAttention: flashAttn)
    let chosen = AttentionChoices().choose(for: file, parameters, length: promptTokens + tokens / 2)
    let engine = try await LlamaEngine.loadWithWarnings(file, chosen)
    let bench = EngineBench(engine, prompt: promptTokens, tokens: tokens)
    _ = try await bench.write(sequences: count)  // warm-up
    var (prefill, decode) = ([Double](), [Double]())
    for _ in 0..<repetitions {
      try Task.checkCancellation()
      if count == 1 { prefill.append(try await bench.read()) }
      decode.append(try await bench.write(sequences: count))
    }
    if count == 1 {
      report.rows.append(Report.Row(name: "prefill", sequences: 1, unit: "tokens/s", prefill))
      let forks = try await bench.fork(repetitions)
      report.rows.append(Report.Row(name: "fork and rewind", sequences: 1, unit: "ms", forks))
    }
    report.rows.append(Report.Row(name: "decode", sequences: count, unit: "tokens/s", decode))
    report.residentBytes = max(report.residentBytes ?? 0, Machine.residentMemory ?? 0)
    report.weightBytes = engine.file.byteCount
    report.cacheBytes = max(
      report.cacheBytes,
      file.cacheByteCount(cells: engine.parameters.totalCells, keys: cacheTypeK, values: cacheTypeV))
    await engine.close()
  }

  struct Report: Encodable {
    var model: String
    var threads: Int
    var prompt: Int
    var tokens: Int
    var rows: [Row] = []
    var residentBytes: Int?
    var weightBytes = 0
    var cacheBytes = 0

    struct Row: Encodable {
      var name: String
      var sequences: Int
      var unit: String
      var median: Double
      var least: Double
      var most: Double

      init(name: String, sequences: Int, unit: String, _ values: [Double]) {
        (self.name, self.sequences, self.unit) = (name, sequences, unit)
        let sorted = values.sorted()
        (median, least, most) = (sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1])
      }
    }

    init(model: String, threads: Int, prompt: Int, tokens: Int) {
      (self.model, self.threads, self.prompt, self.tokens) = (model, threads, prompt, tokens)
    }

    var table: StyledText {
      var lines = Table(["", "sequences", "median", "least", "most", ""], rightAligned: [1, 2, 3, 4])
      for row in rows {
        let digits = row.unit == "ms" ? 3 : 0
        lines.add([
          row.name, "\(row.sequences)", row.median.digits(digits), row.least.digits(digits), row.most.digits(digits),
          row.unit,
        ])
      }
      return lines.text
    }
  }
}

/// The measurements themselves: each fills a fresh cache with the same tokens.
struct EngineBench {
  private let engine: any LanguageModel
  private let prompt: [Token]
  private let tokens: Int

  init(_ engine: any LanguageModel, prompt: Int, tokens: Int) {
    self.engine = engine
    // Like llama-bench: any tokens do, and the same ones every time.
    var generator = SplitMix64(seed: 1)
    let size = Int32(engine.tokenizer.vocabulary.size)
    self.prompt = (0..<prompt).map { _ in Token(rawValue: Int32.random(in: 0..<size, using: &generator)) }
    self.tokens = tokens
  }

  /// Prompt tokens a second.
  func read() async throws -> Double {
    let session = try await engine.makeSession()
    let clock = ContinuousClock.now
    try await session.extend(to: prompt)
    let seconds = clock.duration(to: .now) / .seconds(1)
    await session.close()
    return Double(prompt.count) / seconds
  }

  /// Sampled tokens a second, of all sequences together, each after a prompt of one token (as llama-bench measures).
  func write(sequences: Int) async throws -> Double {
    let request = GenerationRequest(sampling: .greedy, limit: tokens, ignoresEndOfGeneration: true)
    var sessions: [any Session] = []
    for index in 0..<sequences {
      let session = try await engine.makeSession()
      try await session.extend(to: [prompt[index % prompt.count]])
      sessions.append(session)
    }
    let clock = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in sessions { group.addTask { _ = try await session.sample(request) } }
      try await group.waitForAll()
    }
    let seconds = clock.duration(to: .now) / .seconds(1)
    for session in sessions { await session.close() }
    return Double(sequences * tokens) / seconds
  }

  /// Milliseconds to fork a full session, and to rewind the fork by half.
  ///
  /// Neither needs a pass. Each is a round trip between threads, as long as the system takes to wake them: so a hundred
  /// are measured at least.
  func fork(_ repetitions: Int) async throws -> [Double] {
    let parent = try await engine.makeSession()
    try await parent.extend(to: prompt)
    var times: [Double] = []
    for _ in 0..<max(repetitions, 100) {
      let clock = ContinuousClock.now
      let child = try await parent.fork()
      try await child.extend(to: Array(prompt.prefix(prompt.count / 2)))
      times.append(clock.duration(to: .now) / .milliseconds(1))
      await child.close()
    }
    await parent.close()
    return times
  }
}
