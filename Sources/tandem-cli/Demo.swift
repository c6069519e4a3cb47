import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemModels
import TandemTasks

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the strategies on held-out Countdown problems, with the built-in nano pair.",
    discussion: """
      Shows one problem as it is solved, then prints a table: accuracy with its 95 % interval, thinking tokens by model
      and seconds. All rows have the same prompt, sampling, limits and grader. It is a run of `tandem evaluate` in
      --output, which `tandem report` compares in full; a folder that holds one already is gone on with.

      EXAMPLE
        tandem demo --problems 100 --output runs/demo --html runs/demo.html
      """)

  @Option(help: "How many of the 1,000 problems.") var problems = 300
  @Option(help: "Problems at once.") var parallel = 4
  @Option(name: [.customShort("s"), .long], help: "The seed of all runs.") var seed: UInt64 = 1
  @Option(name: .shortAndLong, help: ArgumentHelp("Keep the run in this folder.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("Also write the report as one page.", valueName: "file")) var html: String?
  @Option(help: "text or json.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  func validate() throws {
    guard (1...1000).contains(problems) else { throw ValidationError("--problems must be from 1 to 1000.") }
    guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 64.") }
  }

  func run() async throws {
    let folder = RunFolder(
      output.map { URL(filePath: $0, directoryHint: .isDirectory) }
        ?? FileManager.default.temporaryDirectory.appending(path: "tandem-demo-\(UUID().uuidString)"))
    defer { if output == nil { try? FileManager.default.removeItem(at: folder.url) } }
    let plan = plan
    let tasks = try plan.tasks.map { try LoadedTask($0) }
    let pair = try await plan.conditions.loadPair(for: plan)
    let solver = try plan.conditions.solver(pair)
    if format == .text, let first = tasks.first?.exercises.first { try await show(first, plan, solver) }

    let header = Evaluate.header(plan, tasks, pair)
    if folder.exists { try folder.check(header) } else { try folder.create(header) }
    let progress = EvaluateProgress(.text)
    try await Runner(plan, tasks: tasks, solver: solver, folder: folder, keepsTraces: output != nil) {
      if format == .text { progress.show($0) }
    }.run()
    progress.end()

    let report = try Report([ReportedRun(reading: folder.url.path)])
    if format == .json { try printJSON(report) } else { Console.write(DemoTable(report).text(.current())) }
    guard let html else { return }
    try ReportCommand.write(report, to: html)
    if format == .text { Console.write("\nWith plots and paired comparisons: \(html)\n") }
  }

  /// The strategies, each with the settings that suit traces of some 270 tokens.
  private var plan: Plan {
    let preset = Preset.nano
    let thinking = preset.thinkingBudget ?? 400
    let rows = [
      Plan.Row(label: SmallOnly.name, strategy: SmallOnly.name),
      Plan.Row(label: LargeOnly.name, strategy: LargeOnly.name),
      Plan.Row(
        label: SpeculativeThinking.name, strategy: SpeculativeThinking.name,
        settings: preset.settings.mapValues { Setting($0) }),
      Plan.Row(label: RandomTakeover.name, strategy: RandomTakeover.name, matchShare: SpeculativeThinking.name),
      Plan.Row(
        label: TemperatureScaling.name, strategy: TemperatureScaling.name, settings: ["stopTemperature": .number(0.8)]),
      Plan.Row(
        label: BudgetForcing.name, strategy: BudgetForcing.name,
        settings: ["maximum": .integer(200), "finalText": .text("")]),
      Plan.Row(
        label: "speculative-cot, w/o tuning", strategy: SpeculativeCoT.name,
        settings: ["selection": .text("worst-token"), "draftTokens": .integer(thinking)]),
      Plan.Row(
        label: "shortest of the same drafts", strategy: SpeculativeCoT.name,
        settings: ["selection": .text("shortest"), "draftTokens": .integer(thinking)]),
    ]
    let sampling = SamplingParameters(
      temperature: Float(preset.sampling.temperature), topK: preset.sampling.topK, topP: Float(preset.sampling.topP))
    return Plan(
      tasks: [.init(name: "countdown", problems: problems, prompt: "bare", extraction: "whole")], rows: rows,
      seeds: [seed],
      conditions: .init(
        small: preset.small.description, large: preset.large.description, sampling: sampling,
        budget: Budget(thinkingTokens: thinking, answerTokens: 40), contextSize: preset.contextSize,
        parallel: parallel, flashAttention: "off"))
  }

  private func show(_ exercise: Exercise, _ plan: Plan, _ solver: Solver) async throws {
    let console = Console.current()
    Console.write(console.styled(exercise.question, .bold) + "\n\n")
    let transcript = LiveTranscript(console)
    let strategy = try plan.strategy(of: plan.rows[2])
    let outcome = try await solver.solve(
      Problem(id: exercise.id, question: exercise.question), with: strategy, seed: seed
    ) { transcript.show($0) }
    let isRight = exercise.gold.judge(outcome.answer ?? "", by: .whole).verdict == .correct
    Console.write(console.styled(isRight ? "\nRight.\n\n" : "\nWrong.\n\n", isRight ? .bold : .error))
  }
}

/// The report in one table of a terminal's width.
struct DemoTable {
  private let report: Report

  init(_ report: Report) { self.report = report }

  func text(_ console: Console) -> String {
    var table = Table(
      ["STRATEGY", "ACCURACY", "95 %", "THINKING TOKENS", "SMALL", "LARGE", "CUT", "SECONDS"],
      rightAligned: [1, 2, 3, 4, 5, 6, 7])
    for row in report.tasks.flatMap(\.rows) {
      let interval = row.accuracy?.bootstrap ?? row.accuracy?.wilson
      table.add([
        row.label, "\(((row.accuracy?.value ?? 0) * 100).digits(1)) %",
        interval.map { "\(($0.lower * 100).digits(1))–\(($0.upper * 100).digits(1))" } ?? "",
        (row.thinking.tokens.all ?? 0).digits(0), row.thinking.small.digits(0), row.thinking.large.digits(0),
        "\(row.counts.truncated)", (row.time.busySeconds ?? row.time.seconds).digits(1),
      ])
    }
    return table.lines(console)
  }
}
