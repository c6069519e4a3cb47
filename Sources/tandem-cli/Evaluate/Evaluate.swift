import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemInference
import TandemSetup
import TandemTasks

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run strategies on tasks with known answers, and grade them.",
    discussion: """
      A run is a folder with its plan, a line for each finished problem, and their traces. You can stop or kill it at any \
      time and continue with --resume, which also repeats problems that failed. All strategies of a run have the same \
      prompts, sampling, limits and grader. Thinking that was cut off is counted separately and never graded as an answer.

      Tasks that come with Tandem: \(names { $0.isIncluded }).

      Tasks from a file, with --task NAME=FILE: \(names { !$0.isIncluded }), or a name of your own. Each line of the file \
      is a JSON object with "problem" and "answer". If the file is missing, the error says where to get it.

      Prompts: \(PromptTemplate.all.map(\.name).joined(separator: ", ")).

      Answer extraction: \(AnswerPolicy.allCases.map(\.rawValue).joined(separator: ", ")).

      EXAMPLES
        tandem evaluate --task countdown --problems 50 --output runs/countdown
        tandem evaluate --task gsm8k --strategy small-only \\
          --small model.gguf --output runs/gsm8k --dry-run
        tandem evaluate --task countdown --strategy speculative-thinking \\
          --control speculative-thinking --seeds 1,2,3 --output runs/control
        tandem evaluate --plan plan.yaml --output runs/plan
        tandem evaluate --output runs/plan --resume

      A PLAN
        tasks:
          - countdown
          - {name: aime24, path: aime24.jsonl, problems: 30, prompt: bare}
        strategies:
          - small-only
          - strategy: speculative-thinking
            label: brief
            settings: {takeoverTokens: 12}
          - {strategy: random-takeover, matchShare: brief}
        preset: nano
        seeds: [1, 2, 3]
        limits: {thinkingTokens: 400, answerTokens: 40}
        sampling: {temperature: 0.6, topP: 0.95}
        parallel: 8
        # For --dry-run: lengths of answers, tokens a second, costs an hour.
        paper: speculative-thinking
        estimate: {rates: {small: 900, large: 300}, hourly: {large: 8}}
      """)

  @OptionGroup(title: "What to run") var choice: EvaluatePlanOptions
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The run's folder.", valueName: "folder")) var output: String?
  @Flag(help: "Continue the run in --output. Flags that differ from the run are refused.") var resume = false
  @Flag(
    help: """
      Run nothing; print what would run, and the tokens and time that it takes at most. A plan that states its rates \
      needs neither models, servers nor files for this, and costs what it states.
      """)
  var dryRun = false
  @Option(help: "For --dry-run: tokens per second of either model. Default: as the plan states, or measured.")
  var tokensPerSecond: Double?
  @Flag(help: "Keep only records, not the trace of each problem.") var noTraces = false
  @OptionGroup var rejections: RecordingOptions
  @Option(help: "text (a progress line, then a table) or jsonl (events as they happen). Default: text.")
  var format: Format?

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

  func validate() throws {
    guard output != nil || dryRun else { throw ValidationError("The run needs a folder: --output FOLDER.") }
    if let tokensPerSecond, !(1e-3...1e9).contains(tokensPerSecond) {
      throw ValidationError("--tokens-per-second must be from 0.001 to 1e9, not \(tokensPerSecond).")
    }
    guard tokensPerSecond == nil || dryRun else {
      throw ValidationError("--tokens-per-second has no effect without --dry-run.")
    }
    guard !dryRun || format == nil && !noTraces && rejections.recordRejections == nil else {
      throw ValidationError(
        "--format, --no-traces and --record-rejections have no effect with --dry-run, which runs nothing.")
    }
    if resume && dryRun { throw ValidationError("--resume continues a run and --dry-run runs nothing: leave one out.") }
    if sampling.seed != nil && choice.seeds != nil {
      throw ValidationError("--seed gives one seed, --seeds several: leave one out.")
    }
  }

  func run() async throws {
    let folder = output.map { RunFolder(URL(filePath: $0, directoryHint: .isDirectory)) }
    if dryRun, case let draft = try choice.draft(given), let stated = draft.estimate {
      return try EvaluateEstimate(draft, stating: stated, rate: tokensPerSecond).print()
    }
    let (plan, loader) = try await plan(resuming: resume ? folder : nil)
    try plan.validate()
    let tasks = try plan.tasks.map { try LoadedTask($0) }
    if dryRun { return try await EvaluateEstimate(plan, tasks, rate: tokensPerSecond, loader: loader).print() }
    guard let folder else { return }
    if folder.exists && !resume { throw EvaluationError.runExists(path: folder.url.path) }

    let recording = try rejections.recording(for: plan.rows.map(\.large))
    let loaded = try await LoadedPlan(plan, tasks: tasks, program: tandemVersion, loader: loader)
    let progress = EvaluateProgress(format ?? .text)
    let records: [Record]
    do {
      records = try await loaded.run(
        in: folder, resumes: resume, keepsTraces: !noTraces, recording: recording
      ) { progress.show($0) }
    } catch {
      progress.end()
      var isStopped = error is CancellationError || Task.isCancelled
      if case EngineError.unreachable = error { isStopped = true }
      if isStopped {
        Console.write(
          "Stopped. Continue with: tandem evaluate --output \(folder.url.path) --resume\n", to: .standardError)
      }
      throw error
    }
    progress.end()
    if format ?? .text == .text { Console.write(EvaluateSummary(plan, records).text) }
    guard let failed = records.first(where: { $0.grade == .failed }) else { return }
    let count = records.count { $0.grade == .failed }
    Console.write("\(count) failed, the first: \(failed.reason) To repeat them, add --resume.\n", to: .standardError)
    throw ExitCode(.failed)
  }

  /// What the flags of models, sampling and limits say.
  private var given: RunOptions { sampling.options.merging(over: models.options) }

  /// The plan of the options, or of the run in `folder` if that is resumed; and what loads its models.
  ///
  /// Throws `EvaluationError.planDiffers` with the flags that say something else than that run.
  func plan(resuming folder: RunFolder?) async throws -> (plan: Plan, loader: EngineLoader) {
    guard let folder else {
      let draft = try choice.draft(given)
      let loader = EngineLoader.engines(draft.options.servers)
      return (try await draft.plan(loader: loader), loader)
    }
    let begun = try folder.header()
    let draft = try choice.draft(resuming: begun.plan, given)
    var asked = begun
    let loader = EngineLoader.engines(draft.options.servers)
    asked.plan = try await draft.plan(loader: loader)
    let differences = begun.differences(from: asked)
    guard differences.isEmpty else {
      throw EvaluationError.planDiffers(
        path: folder.url.path, differences: differences.map { (flag(of: $0).map { "\($0): " } ?? "") + "\($0)" })
    }
    return (begun.plan, loader)
  }

  /// The flag that was given for a value of a plan; nil if it is from a plan file.
  private func flag(of difference: RunDifference) -> String? {
    let path = difference.path.split(separator: ".").map(String.init).dropFirst()
    switch path.first {
    case "seeds": return choice.seeds != nil ? "--seeds" : sampling.seed != nil ? "--seed" : nil
    case "tasks":
      let flags = [
        "problems": choice.problems != nil ? "--problems" : nil, "prompt": choice.prompt != nil ? "--prompt" : nil,
        "extraction": choice.extraction != nil ? "--extraction" : nil,
      ]
      return path.last.flatMap { flags[$0] ?? nil } ?? (choice.task.isEmpty ? nil : "--task")
    case "rows":
      if path.contains("settings") && !choice.changes.isEmpty { return "--set" }
      return choiceOfRows
    case "conditions":
      if path.last == "parallel" { return choice.parallel != nil ? "--parallel" : nil }
      if ["small", "large"].contains(path.last) && models.pair.preset != nil { return "--preset" }
      if path.last == "extendsContext" && models.extendContext == false { return "--no-extend-context" }
      if path.last == "isDeterministic" && models.deterministic == false { return "--no-deterministic" }
      let flag = path.last.flatMap { given.saidKeys.contains($0) ? Flags.byProperty[$0] ?? "--\($0)" : nil }
      // Other strategies may need a model that the run's did not, or none.
      return flag ?? (["small", "large"].contains(path.last) ? choiceOfRows : nil)
    default: return nil
    }
  }

  /// The flag that chooses the strategies; nil if none is given.
  private var choiceOfRows: String? {
    !choice.strategy.isEmpty ? "--strategy" : !choice.control.isEmpty ? "--control" : nil
  }

  private static func names(_ isListed: (BenchmarkEntry) -> Bool) -> String {
    BenchmarkEntry.all.filter(isListed).map(\.name).joined(separator: ", ")
  }
}
