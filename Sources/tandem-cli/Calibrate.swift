import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemModels
import TandemTasks

struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the score below which speculative-cot had better reject all drafts.",
    discussion: """
      Solves problems with known answers twice, with the best draft and by the large model thinking itself, and says what
      each threshold would have come to. The problems are not those of an evaluation: countdown-training, unless --task
      names others. The two runs are kept in --output; the same command goes on with what was stopped.

      EXAMPLE
        tandem calibrate --selection worst-token --output runs/calibration
        tandem solve --strategy speculative-cot --set selection=worst-token --set threshold=-1.9 "Use 3, 7, 5, 2 to make 24."
      """)

  @Option(help: "What is compared with the threshold: mean-token, worst-token or own-likelihood.")
  var selection = "worst-token"
  @Option(help: "How many drafts, 1 to 8.") var drafts = 5
  @Option(help: ArgumentHelp("A task, or a task and its file.", valueName: "name[=file]"))
  var task = "countdown-training"
  @Option(help: "How many of its problems, from the first.") var problems = 200
  @Option(help: "Problems at once.") var parallel = 4
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the runs.", valueName: "folder")) var output: String
  @Option(help: "text or json.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  private static let (kept, rethought) = ("best draft", "rethought")

  func run() async throws {
    let folder = RunFolder(URL(filePath: output, directoryHint: .isDirectory))
    let plan = try plan()
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
    let calibration = try ThresholdCalibration(
      kept: records.filter { $0.row == Self.kept }, rethought: records.filter { $0.row == Self.rethought })
    if format == .json { try printJSON(calibration) } else { Console.write(text(calibration)) }
  }

  private func plan() throws -> Plan {
    let preset = try models.chosenPreset()
    var settings: [String: Setting] = ["selection": .text(selection), "drafts": .integer(drafts)]
    if let thinking = sampling.reasoningBudget ?? preset?.thinkingBudget {
      settings["draftTokens"] = .integer(thinking)
    }
    let scores = [SpeculativeCoT.Selector.meanToken, .worstToken, .ownLikelihood].map(\.rawValue)
    guard scores.contains(selection) else {
      throw ValidationError("--selection can be \(scores.joined(separator: ", ")), not \(selection).")
    }
    // No score is above 0: the second row rejects whatever it drafts, so one draft is enough.
    let rejecting = settings.merging(["threshold": .number(0), "drafts": .integer(1)]) { $1 }
    var choice = try EvaluatePlanOptions.parse([
      "--task", task, "--problems", "\(problems)", "--parallel", "\(parallel)",
    ])
    choice.strategy = [SpeculativeCoT.name]
    var plan = try choice.plan(models, sampling)
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
      + "--set selection=\(selection) --set threshold=\(best.threshold.digits(3))\n"
  }

  private func row(_ point: ThresholdCalibration.Point) -> [String] {
    [
      "\((point.rejected * 100).digits(0)) %", point.threshold.digits(2), "\((point.accuracy * 100).digits(1)) %",
      (point.error * 100).digits(1),
    ]
  }
}
