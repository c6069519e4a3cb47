import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemInference
import TandemLlama
import TandemModels
import TandemTasks

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run strategies on tasks with known answers, and grade them.",
    discussion: """
      A run is a folder: its plan, a line for each problem that was done, and their traces. It can be stopped, or killed,
      at any moment, and goes on with --resume; problems that failed are tried again. All strategies of a run have the
      same prompts, sampling, limits and grader. Thinking that was cut is counted apart and never graded as an answer.

      TASKS
        with Tandem: \(names { $0.isIncluded })
        from a file, by --task NAME=FILE: \(names { !$0.isIncluded }), or a name of yours
        A file has a JSON object in each line, with "problem" and "answer". A missing one gets an error that says where
        it is to be had. Prompts: \(PromptTemplate.all.map(\.name).joined(separator: ", ")).
        Answer extraction: \(AnswerPolicy.allCases.map(\.rawValue).joined(separator: ", ")).

      EXAMPLES
        tandem evaluate --task countdown --problems 50 --output runs/countdown
        tandem evaluate --task gsm8k --strategy small-only --small model.gguf --output runs/gsm8k --dry-run
        tandem evaluate --task countdown --strategy speculative-thinking --control speculative-thinking \\
          --seeds 1,2,3 --output runs/control
        tandem evaluate --plan plan.yaml --output runs/plan
        tandem evaluate --output runs/plan --resume

      A PLAN
        tasks: [countdown, {name: aime24, path: aime24.jsonl, problems: 30, prompt: bare, extraction: boxed}]
        strategies:
          - small-only
          - {strategy: speculative-thinking, label: brief, settings: {takeoverTokens: 12}}
          - {strategy: random-takeover, matchShare: brief}
        preset: nano
        seeds: [1, 2, 3]
        limits: {thinkingTokens: 400, answerTokens: 40}
        sampling: {temperature: 0.6, topP: 0.95}
        parallel: 8
      """)

  @OptionGroup(title: "What is run") var choice: EvaluatePlanOptions
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the run.", valueName: "folder")) var output: String?
  @Flag(help: "Go on with the run in --output.") var resume = false
  @Flag(help: "Print what would be run, and at most how many tokens and how long; run nothing.") var dryRun = false
  @Option(help: "For --dry-run: tokens a second of either model; measured where it is not given.")
  var tokensPerSecond: Double?
  @Flag(help: "Keep records only, without the trace of each problem.") var noTraces = false
  @Option(help: "text (one line of progress, a table in the end), or jsonl (events as they happen).")
  var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

  func validate() throws {
    guard output != nil || dryRun else { throw ValidationError("Where does the run go? --output FOLDER.") }
    if let tokensPerSecond, !(tokensPerSecond > 0) {
      throw ValidationError("--tokens-per-second must be above 0.")
    }
    if resume && dryRun { throw ValidationError("--resume goes on with a run, --dry-run runs nothing: leave one out.") }
  }

  func run() async throws {
    let folder = output.map { RunFolder(URL(filePath: $0, directoryHint: .isDirectory)) }
    let plan = try plan(folder)
    try plan.validate()
    let tasks = try plan.tasks.map { try LoadedTask($0) }
    if dryRun { return try await EvaluateEstimate(plan, tasks, rate: tokensPerSecond).print() }
    guard let folder else { return }
    if folder.exists && !resume { throw EvaluationError.runExists(path: folder.url.path) }

    let pair = try await plan.conditions.loadPair(for: plan)
    let header = Self.header(plan, tasks, pair)
    if resume { try folder.check(header) } else { try folder.create(header) }
    let progress = EvaluateProgress(format)
    let runner = Runner(
      plan, tasks: tasks, solver: try plan.conditions.solver(pair), folder: folder, keepsTraces: !noTraces
    ) { progress.show($0) }
    do {
      try await runner.run()
    } catch {
      progress.end()
      let isStopped = error is CancellationError || Task.isCancelled
      if isStopped {
        Console.write("Stopped. Go on with: tandem evaluate --output \(folder.url.path) --resume\n", to: .standardError)
      }
      throw error
    }
    progress.end()
    let records = try folder.records()
    if format == .text { Console.write(EvaluateSummary(plan, records).text(.current())) }
    guard let failed = records.first(where: { $0.grade == .failed }) else { return }
    let count = records.count { $0.grade == .failed }
    Console.write("\(count) failed, the first: \(failed.reason) Try them again with --resume.\n", to: .standardError)
    throw ExitCode(1)
  }

  /// The plan of the options; of the run that goes on where none are given.
  private func plan(_ folder: RunFolder?) throws -> Plan {
    guard resume, let folder else { return try choice.plan(models, sampling) }
    let begun = try folder.header().plan
    if choice.isGiven { return try choice.plan(models, sampling) }
    guard models.isDefault && sampling.isDefault else {
      throw ValidationError(
        "--resume has the models and limits of the run: leave them out, or repeat the whole command.")
    }
    return begun
  }

  static func header(_ plan: Plan, _ tasks: [LoadedTask], _ pair: Pair) -> RunHeader {
    func model(_ engine: LlamaEngine?) -> RunHeader.ModelHeader? {
      engine.map { .init(name: $0.name, fingerprint: String($0.file.fingerprint, radix: 16)) }
    }
    let process = ProcessInfo.processInfo
    return RunHeader(
      program: Tandem.configuration.version, startedAt: Date().timeIntervalSince1970,
      machine: "\(process.operatingSystemVersionString), \(process.activeProcessorCount) cores", plan: plan,
      small: model(pair.small), large: model(pair.large), tasks: tasks.map(\.header))
  }

  private static func names(_ isListed: (BenchmarkEntry) -> Bool) -> String {
    BenchmarkEntry.all.filter(isListed).map(\.name).joined(separator: ", ")
  }
}
