import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemModels
import TandemTasks

struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the threshold of speculative-cot or spec-reason, on problems that no evaluation has.",
    discussion: """
      speculative-cot: the score below which all drafts had better be rejected. Each problem is solved twice, with the best
      draft and by the large model thinking itself, so that what each threshold would have come to is known.

      spec-reason: the large model thinks alone and marks its own steps, as it would mark the small one's. One judge is mild,
      another strict; a quantile of its own marks means the same for each: the share of its own steps that it would reject.

      The problems are not those of an evaluation: countdown-training, unless --task names others. The runs are kept in
      --output; the same command goes on with what was stopped.

      EXAMPLES
        tandem calibrate --selection worst-token --output runs/calibration
        tandem solve --strategy speculative-cot --set selection=worst-token --set threshold=-1.9 "Use 3, 7, 5, 2 to make 24."
        tandem calibrate --strategy spec-reason --quantile 0.1 --set mark=expected --set stepTokens=64 \\
          --set question="Score 0 to 9." --set beginning=Score: --output runs/marks
      """)

  @Option(help: "speculative-cot or spec-reason.") var strategy = Method.drafts
  @Option(
    help: "speculative-cot: what is compared, mean-token, worst-token or own-likelihood. Default: worst-token.")
  var selection: String?
  @Option(help: "speculative-cot: how many drafts, 1 to 8. Default: 5.") var drafts: Int?
  @Option(help: "spec-reason: the share of its own steps that the large model may reject. Default: 0.1.")
  var quantile: Double?
  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("spec-reason: change a setting; may be repeated.", valueName: "name=value"))
  var changes: [String] = []
  @Option(help: ArgumentHelp("A task, or a task and its file.", valueName: "name[=file]"))
  var task = "countdown-training"
  @Option(help: "How many of its problems, from the first.") var problems = 200
  @Option(help: "Problems at once.") var parallel = 4
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the runs.", valueName: "folder")) var output: String
  @Option(help: "text or json.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case drafts = "speculative-cot"
    case marks = "spec-reason"
  }

  private static let (kept, rethought) = ("best draft", "rethought")

  func validate() throws {
    switch strategy {
    case .drafts where quantile != nil || !changes.isEmpty:
      throw ValidationError("--quantile and --set are for --strategy spec-reason.")
    case .marks where selection != nil || drafts != nil || models.small != nil:
      throw ValidationError("With --strategy spec-reason, --selection, --drafts and --small have no effect.")
    default: break
    }
    if let quantile, !(0...1).contains(quantile) {
      throw ValidationError("--quantile must be from 0 to 1, not \(quantile).")
    }
  }

  func run() async throws {
    let folder = RunFolder(URL(filePath: output, directoryHint: .isDirectory))
    let plan = try strategy == .drafts ? draftPlan() : markPlan()
    try plan.validate()
    let tasks = try plan.tasks.map { try LoadedTask($0) }
    let pair = try await plan.conditions.loadPair(for: plan)
    let header = Evaluate.header(plan, tasks, pair)
    if folder.exists { try folder.check(header) } else { try folder.create(header) }
    let progress = EvaluateProgress(.text)
    try await Runner(
      plan, tasks: tasks, solver: try plan.conditions.solver(pair), folder: folder, keepsTraces: false
    ) { if format == .text { progress.show($0) } }.run()
    progress.end()

    let records = try folder.records()
    let failed = records.filter { $0.grade == .failed }
    if let first = failed.first {
      Console.write("\(failed.count) failed and are left out, the first: \(first.reason)\n", to: .standardError)
    }
    switch strategy {
    case .drafts:
      let calibration = try ThresholdCalibration(
        kept: records.filter { $0.row == Self.kept }, rethought: records.filter { $0.row == Self.rethought })
      if format == .json { try printJSON(calibration) } else { Console.write(text(calibration)) }
    case .marks:
      let calibration = try MarkCalibration(records, quantile: quantile ?? 0.1)
      if format == .json { try printJSON(calibration) } else { Console.write(text(calibration)) }
    }
  }

  /// The plan of one strategy on the problems that were asked for.
  func plan(_ strategy: String, _ models: ModelOptions) throws -> Plan {
    var choice = try EvaluatePlanOptions.parse([
      "--task", task, "--problems", "\(problems)", "--parallel", "\(parallel)",
    ])
    choice.strategy = [strategy]
    return try choice.plan(models, sampling)
  }

  private var score: String { selection ?? SpeculativeCoT.Selector.worstToken.rawValue }

  private func draftPlan() throws -> Plan {
    let preset = try models.chosenPreset()
    var settings: [String: Setting] = ["selection": .text(score), "drafts": .integer(drafts ?? 5)]
    if let thinking = sampling.reasoningBudget ?? preset?.thinkingBudget {
      settings["draftTokens"] = .integer(thinking)
    }
    let scores = [SpeculativeCoT.Selector.meanToken, .worstToken, .ownLikelihood].map(\.rawValue)
    guard scores.contains(score) else {
      throw ValidationError("--selection can be \(scores.joined(separator: ", ")), not \(score).")
    }
    // No score is above 0: the second row rejects whatever it drafts, so one draft is enough.
    let rejecting = settings.merging(["threshold": .number(0), "drafts": .integer(1)]) { $1 }
    var plan = try plan(SpeculativeCoT.name, models)
    plan.rows = [
      Plan.Row(label: Self.kept, strategy: SpeculativeCoT.name, settings: settings),
      Plan.Row(label: Self.rethought, strategy: SpeculativeCoT.name, settings: rejecting),
    ]
    return plan
  }

  private func text(_ calibration: ThresholdCalibration) -> String {
    var table = Table(["REJECTED", "THRESHOLD", "ACCURACY", "± 1 SE"], rightAligned: [0, 1, 2, 3])
    for tenth in 0...10 {
      guard let point = calibration.points.last(where: { $0.rejected <= Double(tenth) / 10 }) else { continue }
      table.add(row(point))
    }
    let best = calibration.best
    return table.lines(Console.current())
      + "\nBest of \(calibration.points.count) thresholds on \(calibration.problems) problems, and so a little too good: "
      + "\((best.accuracy * 100).digits(1)) % with \((best.rejected * 100).digits(1)) % rejected.\n"
      + "--set selection=\(score) --set threshold=\(best.threshold.digits(3))\n"
  }

  private func row(_ point: ThresholdCalibration.Point) -> [String] {
    [
      "\((point.rejected * 100).digits(0)) %", point.threshold.digits(2), "\((point.accuracy * 100).digits(1)) %",
      (point.error * 100).digits(1),
    ]
  }
}
