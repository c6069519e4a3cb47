import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemInference
import TandemTasks

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the strategies on held-out Countdown problems, with the built-in nano pair.",
    discussion: """
      Shows one problem as it is solved, then prints two tables. The first compares the strategies: accuracy with its \
      95 % interval, thinking tokens by model, and seconds. All rows have the same prompt, sampling, limits and grader. \
      The second asks the small model for three lengths of thinking, before and after it was trained to obey (TLDR).

      --output keeps the three runs of `tandem evaluate` that the tables are made of, for `tandem report`; a run that \
      was stopped continues from there.

      EXAMPLE
        tandem demo --problems 300 --output runs/demo --html runs/demo.html
      """)

  @Option(help: "How many of the 1,000 held-out problems.") var problems = 80
  @Option(help: "Problems solved at the same time.") var parallel = 4
  @Option(name: [.customShort("s"), .long], help: "The seed of all runs.") var seed: UInt64 = 1
  @Option(name: .shortAndLong, help: ArgumentHelp("Keep the runs in this folder.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("Also write the report as one page, with plots.", valueName: "file")) var html: String?
  @Option(help: "text or json.") var format = OutputFormat.text

  func validate() throws {
    guard (1...1000).contains(problems) else { throw ValidationError("--problems must be from 1 to 1000.") }
    guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 64.") }
  }

  func run() async throws {
    let folder =
      output.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? FileManager.default.temporaryDirectory.appending(path: "tandem-demo-\(UUID().uuidString)")
    defer { if output == nil { try? FileManager.default.removeItem(at: folder) } }
    let plans = try DemoPlans(problems: problems, parallel: parallel, seed: seed)
    let strategies = try await report(plans.strategies(), in: folder.appending(path: "strategies"), showing: 2)
    if format == .text { Console.write(DemoTable(strategies).text + "\n" + DemoTable.legend + "\n\n") }
    let before = try await report(plans.lengths(of: "nano-small"), in: folder.appending(path: "lengths-before"))
    let after = try await report(plans.lengths(of: "nano-small-tldr"), in: folder.appending(path: "lengths-after"))
    if format == .text {
      Console.write(LengthTable(before: before, after: after).text + "\n")
    } else {
      try printJSON(["strategies": strategies, "lengthsBefore": before, "lengthsAfter": after])
    }
    guard let html else { return }
    try ReportCommand.write(strategies, to: html)
    if format == .text { Console.write("\nPlots and paired comparisons: \(html)\n") }
  }

  /// Runs a plan, or what is left of it, in a folder. Before that, shows how the row of that number solves a problem.
  private func report(_ plan: Plan, in url: URL, showing row: Int? = nil) async throws -> Report {
    let folder = RunFolder(url)
    let loaded = try await LoadedPlan(plan, program: tandemVersion, loader: .engines(nil))
    if format == .text, let row {
      try await show(plan.strategy(of: plan.rows[row]), loaded.solver)
      let seconds = Double(problems) * DemoPlans.secondsPerProblem
      Console.write(
        "Next: \(plan.rows.count) strategies on \(problems) held-out problems each, then four lengths of thinking, before and"
          + " after training.\nOn two idle cores that takes about \(seconds.asTime).\n\n")
    }
    let progress = EvaluateProgress(.text)
    defer { progress.end() }
    let records = try await loaded.run(in: folder, resumes: true, keepsTraces: output != nil) {
      if format == .text { progress.show($0) }
    }
    // Not the folder's path: without --output it is a temporary one.
    return try Report([ReportedRun(name: "tandem demo", header: folder.header(), records: records)])
  }

  /// Solves one problem before the user's eyes: that of the README.
  private func show(_ strategy: any Strategy, _ solver: Solver) async throws {
    let countdown = Countdown(numbers: [10, 7, 5, 2], target: 24)
    Console.write(
      "nano-small writes, and nano-large takes over at words such as \"Wait\"; brackets give its reason.\n\n"
        + StyledText(countdown.question, .bold) + "\n\n")
    let transcript = LiveTranscript(.current())
    let outcome = try await solver.solve(countdown.problem, with: strategy, seed: 4) { transcript.show($0.event) }
    let isRight = countdown.isSolved(by: outcome.answer ?? "")
    Console.write(StyledText(isRight ? "\nRight.\n\n" : "\nWrong.\n\n", isRight ? .bold : .error))
  }
}
