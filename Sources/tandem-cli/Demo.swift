import ArgumentParser
import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemModels
import TandemTasks

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run every strategy on the 300 held-out Countdown problems, with the built-in nano pair.",
    discussion: """
      Prints accuracy ± standard error, thinking tokens, the large model's share and seconds. All rows have the same
      prompt, sampling, limits and grader. random-takeover is set to the share that speculative-thinking came to.

      EXAMPLE
        tandem demo --problems 100
      """)

  @Option(help: "How many of the 300 problems.") var problems = 300
  @Option(help: "Problems at once.") var parallel = 4
  @Option(name: [.customShort("s"), .long], help: "The seed of all runs.") var seed: UInt64 = 1
  @Option(help: "text or json.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  func validate() throws {
    guard (1...300).contains(problems) else { throw ValidationError("--problems must be from 1 to 300.") }
    guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 64.") }
  }

  func run() async throws {
    let preset = Preset.nano
    let all = try JSONDecoder().decode([HeldOut].self, from: Data(contentsOf: NanoResources.heldout))
    let tasks = all.prefix(problems).map { Countdown(numbers: $0.nums, target: $0.t) }
    let strategy = try Strategies.make(preset.strategy, settings: preset.settings.mapValues { Setting($0) })
    let solver = try await loadSolver(preset)
    let console = Console.current()

    if format == .text, let first = tasks.first { try await showOne(first, strategy, solver, console) }
    var rows: [DemoRow] = []
    for strategy in [SmallOnly(), LargeOnly(), strategy] as [any Strategy] {
      rows.append(try await measure(strategy, tasks, solver, console))
    }
    rows.append(try await measure(try await randomTakeover(like: rows[2], tasks, solver), tasks, solver, console))
    if format == .json { try printJSON(rows) } else { Console.write(DemoRow.table(rows, console)) }
  }

  /// A problem as heldout.json has it.
  private struct HeldOut: Decodable {
    let nums: [Int]
    let t: Int
  }

  private func loadSolver(_ preset: Preset) async throws -> Solver {
    let store = ModelStore()
    let parameters = LlamaParameters(contextSize: preset.contextSize, sequences: parallel, flashAttention: .off)
    let sampling = SamplingParameters(
      temperature: Float(preset.sampling.temperature), topK: preset.sampling.topK, topP: Float(preset.sampling.topP))
    return Solver(
      small: Participant(
        try await LlamaEngine.load(store.url(of: preset.small).path, parameters), sampling: sampling),
      large: Participant(
        try await LlamaEngine.load(store.url(of: preset.large).path, parameters), sampling: sampling),
      budget: Budget(thinkingTokens: preset.thinkingBudget ?? 400, answerTokens: 40))
  }

  private func showOne(_ task: Countdown, _ strategy: any Strategy, _ solver: Solver, _ console: Console) async throws {
    Console.write(console.styled(task.question, .bold) + "\n\n")
    let transcript = LiveTranscript(console)
    let outcome = try await solver.solve(task.problem, with: strategy, seed: seed) { transcript.show($0) }
    let isRight = outcome.answer.map(task.isSolved(by:)) ?? false
    Console.write(console.styled(isRight ? "\nRight.\n\n" : "\nWrong.\n\n", isRight ? .bold : .error))
  }

  /// The control: the probability that gives the same share, found on a quarter of the problems.
  private func randomTakeover(like row: DemoRow, _ tasks: [Countdown], _ solver: Solver) async throws -> RandomTakeover
  {
    var control = RandomTakeover()
    control.takeoverTokens = 24
    control.probability = row.largeShare
    for _ in 0..<2 {
      let pilot = try await runAll(control, Array(tasks.prefix(max(8, tasks.count / 4))), solver, seed: seed &+ 1)
      let share = DemoRow(control, pilot, seconds: 0).largeShare
      // A thought of the one is as long as a thought of the other, nearly: the odds need a small correction only.
      let odds = { (p: Double) in min(max(p, 0.01), 0.99) / (1 - min(max(p, 0.01), 0.99)) }
      let corrected = odds(control.probability) * odds(row.largeShare) / odds(share)
      control.probability = corrected / (1 + corrected)
    }
    return control
  }

  private func measure(
    _ strategy: any Strategy, _ tasks: [Countdown], _ solver: Solver, _ console: Console
  ) async throws -> DemoRow {
    let clock = ContinuousClock.now
    let results = try await runAll(strategy, tasks, solver, seed: seed)
    return DemoRow(strategy, results, seconds: clock.duration(to: .now) / .seconds(1))
  }

  /// Runs a strategy on all problems, some at once; the engines batch them.
  private func runAll(
    _ strategy: any Strategy, _ tasks: [Countdown], _ solver: Solver, seed: UInt64
  ) async throws -> [DemoRow.Result] {
    let line = ProgressLine(type(of: strategy).name, total: tasks.count)
    defer { line.clear() }
    return try await withThrowingTaskGroup(of: DemoRow.Result.self) { group in
      var results: [DemoRow.Result] = []
      var next = tasks.enumerated().makeIterator()
      func add() {
        guard let (index, task) = next.next() else { return }
        group.addTask {
          let outcome = try await solver.solve(task.problem, with: strategy, seed: seed &* 1000 &+ UInt64(index))
          return .init(outcome: outcome, isRight: outcome.answer.map(task.isSolved(by:)) ?? false)
        }
      }
      for _ in 0..<parallel { add() }
      while let result = try await group.next() {
        results.append(result)
        line.show(results.count, right: results.count(where: \.isRight))
        add()
      }
      return results
    }
  }
}

/// One row of the demo's table.
struct DemoRow: Encodable {
  let strategy: String
  let problems: Int
  let accuracy: Double
  let standardError: Double
  let thinkingTokens: Double
  let largeShare: Double
  let truncated: Int
  let seconds: Double
  let usage: Usage

  struct Result {
    let outcome: Outcome
    let isRight: Bool
  }

  init(_ strategy: any Strategy, _ results: [Result], seconds: Double) {
    let count = Double(results.count)
    self.strategy = type(of: strategy).name
    problems = results.count
    accuracy = Double(results.count(where: \.isRight)) / count
    standardError = (accuracy * (1 - accuracy) / count).squareRoot()
    usage = results.reduce(Usage()) { $0 + $1.outcome.usage }
    thinkingTokens = Double(usage.small.thinking + usage.large.thinking) / count
    largeShare = usage.largeShare ?? 0
    truncated = results.count { $0.outcome.isTruncated }
    self.seconds = seconds
  }

  static func table(_ rows: [DemoRow], _ console: Console) -> String {
    var table = Table(
      ["STRATEGY", "ACCURACY", "THINKING TOKENS", "BY THE LARGE MODEL", "CUT", "SECONDS"],
      rightAligned: [1, 2, 3, 4, 5])
    for row in rows {
      table.add([
        row.strategy, "\((row.accuracy * 100).digits(1)) ± \((row.standardError * 100).digits(1)) %",
        row.thinkingTokens.digits(0), "\((row.largeShare * 100).digits(0)) %", "\(row.truncated)",
        row.seconds.digits(1),
      ])
    }
    return table.lines(console)
  }
}

/// "small-only 120/300, 24 % right", drawn anew on a terminal; silent elsewhere.
struct ProgressLine {
  private let name: String
  private let total: Int
  private let console = Console.current(STDERR_FILENO)

  init(_ name: String, total: Int) {
    self.name = name
    self.total = total
  }

  func show(_ done: Int, right: Int) {
    guard console.isTerminal else { return }
    Console.write("\r\u{1B}[K\(name) \(done)/\(total), \(right * 100 / done) % right", to: .standardError)
  }

  func clear() {
    if console.isTerminal { Console.write("\r\u{1B}[K", to: .standardError) }
  }
}
