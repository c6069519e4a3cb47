import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemSetup
import TandemTasks

struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the threshold of speculative-cot or spec-reason, on problems that no evaluation uses.",
    discussion: """
      For speculative-cot, it finds the score below which the strategy should reject every draft. Each problem is solved \
      twice, with the best draft and by the large model alone, which gives the accuracy of every threshold.

      For spec-reason, the large model thinks alone and marks its own steps as it would mark the small model's. Some judges \
      are mild and some strict, but a quantile of a judge's own marks always means the same: the share of its own steps \
      that it would reject.

      The problems are not those of an evaluation: countdown-training, unless --task names others. The runs are kept in \
      --output; run the same command again to continue a stopped one.

      EXAMPLES
        tandem calibrate --selection worst-token --output runs/calibration
        tandem solve --strategy speculative-cot --set selection=worst-token \\
          --set threshold=-1.9 "Use 3, 7, 5, 2 to make 24."
        tandem calibrate --strategy spec-reason --quantile 0.1 \\
          --set mark=expected --set stepTokens=64 \\
          --set question="Score 0 to 9." --set beginning=Score: \\
          --output runs/marks
      """)

  @Option(help: "speculative-cot or spec-reason.") var strategy = Method.drafts
  @Option(
    help: "speculative-cot: the score, mean-token, worst-token or own-likelihood. Default: worst-token.")
  var selection: String?
  @Option(help: "speculative-cot: the number of drafts, from 1 to 8. Default: 5.") var drafts: Int?
  @Option(help: "spec-reason: the share of its own steps that the large model may reject. Default: 0.1.")
  var quantile: Double?
  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("spec-reason: change a setting. May be repeated.", valueName: "name=value"))
  var changes: [String] = []
  @Option(help: ArgumentHelp("A task, or a task and its file.", valueName: "name[=file]"))
  var task = "countdown-training"
  @Option(help: "How many of the task's problems, from the first.") var problems = 200
  @Option(help: "Problems solved at the same time.") var parallel = 4
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("The runs' folder.", valueName: "folder")) var output: String
  @Option(help: "text or json.") var format = OutputFormat.text

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case drafts = "speculative-cot"
    case marks = "spec-reason"
  }

  private static let (kept, rethought) = ("best draft", "rethought")

  func validate() throws {
    switch strategy {
    case .drafts where quantile != nil || !changes.isEmpty:
      throw ValidationError("--quantile and --set are for --strategy spec-reason.")
    case .marks where selection != nil || drafts != nil || models.pair.small != nil:
      throw ValidationError("With --strategy spec-reason, --selection, --drafts and --small have no effect.")
    default: break
    }
    if let quantile, !(0...1).contains(quantile) {
      throw ValidationError("--quantile must be from 0 to 1, not \(quantile).")
    }
  }

  func run() async throws {
    let folder = RunFolder(URL(filePath: output, directoryHint: .isDirectory))
    let draft = try strategy == .drafts ? draftPlan() : markPlan()
    let loader = EngineLoader.engines(draft.options.servers)
    let plan = try await draft.plan(loader: loader)
    let loaded = try await LoadedPlan(plan, program: tandemVersion, loader: loader)
    let progress = EvaluateProgress(.text)
    let records: [Record]
    do {
      defer { progress.end() }
      records = try await loaded.run(in: folder, resumes: true, keepsTraces: false) {
        if format == .text { progress.show($0) }
      }
    }
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

  /// What the flags of models, sampling and limits say.
  var given: RunOptions { sampling.options.merging(over: models.options) }

  /// The plan of some rows on the problems that were asked for.
  func draft(_ rows: [PlanDraft.RowDraft], _ options: RunOptions) -> PlanDraft {
    var choice = PlanDraft.TaskDraft(flag: task)
    choice.problems = problems
    return PlanDraft(tasks: [choice], rows: rows, options: RunOptions(parallel: parallel).merging(over: options))
  }

  private var score: String { selection ?? SpeculativeCoT.Selector.worstToken.rawValue }

  private func draftPlan() throws -> PlanDraft {
    var settings: [String: Setting] = ["selection": .text(score), "drafts": .integer(drafts ?? 5)]
    let options = try given.overPreset()
    if let thinking = options.limits?.thinkingTokens { settings["draftTokens"] = .integer(thinking) }
    let scores = [SpeculativeCoT.Selector.meanToken, .worstToken, .ownLikelihood].map(\.rawValue)
    guard scores.contains(score) else {
      throw ValidationError("--selection can be \(scores.joined(separator: ", ")), not \(score).")
    }
    // No score is above 0: the second row rejects whatever it drafts, so one draft is enough.
    let rejecting = settings.merging(["threshold": .number(0), "drafts": .integer(1)]) { $1 }
    return draft(
      [
        .init(strategy: SpeculativeCoT.name, label: Self.kept, settings: settings),
        .init(strategy: SpeculativeCoT.name, label: Self.rethought, settings: rejecting),
      ], given)
  }

  private func text(_ calibration: ThresholdCalibration) -> StyledText {
    var table = Table(["REJECTED", "THRESHOLD", "ACCURACY", "± 1 SE"], rightAligned: [0, 1, 2, 3])
    for tenth in 0...10 {
      guard let point = calibration.points.last(where: { $0.rejected <= Double(tenth) / 10 }) else { continue }
      table.add(row(point))
    }
    let best = calibration.best
    return table.text
      + "\nBest of \(calibration.points.count) thresholds on \(calibration.problems) problems, so it is a little optimistic: "
      + "\(best.accuracy.percent()) with \(best.rejected.percent()) rejected.\n"
      + "--set selection=\(score) --set threshold=\(best.threshold.digits(3))\n"
  }

  private func row(_ point: ThresholdCalibration.Point) -> [String] {
    [
      point.rejected.percent(0), point.threshold.digits(2), point.accuracy.percent(),
      (point.error * 100).digits(1),
    ]
  }
}
