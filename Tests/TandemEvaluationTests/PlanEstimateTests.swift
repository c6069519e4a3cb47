import Foundation
import Tandem
import TandemSetup
import TandemTasks
import Testing

@testable import TandemEvaluation

@Suite struct `What a plan takes` {
  private func plan(_ rows: [Plan.Row], task: String = "math500") throws -> Plan {
    var conditions = RunConditions(small: "s", large: "l", contextSize: 512)
    conditions.budget = Budget(thinkingTokens: 300, answerTokens: 100)
    return Plan(
      tasks: [.init(name: task, prompt: .bare, extraction: .boxed)], rows: rows, seeds: [1, 2], conditions: conditions)
  }

  private func estimate(_ row: Plan.Row, paper: Paper? = nil) throws -> PlanEstimate.Row {
    let all = try PlanEstimate(plan([row]), problems: [10], rates: [.small: 100, .large: 10], paper: paper).rows
    return try #require(all.first)
  }

  @Test func `is the most that the limits allow, written by the slower model`() throws {
    let row = try estimate(Plan.Row(label: "x", strategy: "speculative-thinking"))
    #expect(row.runs == 20 && row.tokens == 8000 && row.seconds == 800 && !row.isExpected)
    #expect(try estimate(Plan.Row(label: "x", strategy: "small-only")).seconds == 80)
  }

  @Test func `is what the paper reports of a row, each model's part at its own rate`() throws {
    let paper = Paper.speculativeThinking
    let alone = try estimate(Plan.Row(label: "R1-1.5B", strategy: "small-only"), paper: paper)
    #expect(alone.isExpected && abs(alone.seconds - 20 * 54.391) < 0.01)
    // 4,582.8 tokens, of which the large model writes 19 %.
    let both = try estimate(Plan.Row(label: "R1-1.5B + R1-32B", strategy: "speculative-thinking"), paper: paper)
    #expect(abs(both.seconds - 20 * (4582.8 * 0.81 / 100 + 4582.8 * 0.19 / 10)) < 0.01)
    #expect(try !estimate(Plan.Row(label: "other", strategy: "small-only"), paper: paper).isExpected)
  }

  @Test func `of SCoT counts every draft, the thinking of the large model and its answer`() throws {
    let row = try estimate(
      Plan.Row(label: "R1-1.5B + R1-32B", strategy: "speculative-cot"), paper: .speculativeCoT)
    #expect(row.tokens == 20 * (5 * 1855 + 151 + 358))
    #expect(abs(row.seconds - 20 * (5 * 18.55 + 50.9)) < 0.01)
  }

  @Test func `is not known without a rate or a number of problems`() throws {
    let plan = try plan([.init(label: "x", strategy: "large-only")], task: "mine")
    #expect(throws: EvaluationError.invalidPlan(reason: "it states no rate of the large model")) {
      try PlanEstimate(plan, problems: [1], rates: [.small: 1])
    }
    var task = plan.tasks[0]
    task.path = "mine.jsonl"
    #expect(throws: EvaluationError.invalidPlan(reason: "it does not state how many problems mine has")) {
      try task.statedProblems
    }
    #expect(try Plan.TaskChoice(name: "gpqa-diamond", prompt: .choice, extraction: .letter).statedProblems == 198)
  }

  @Test(arguments: [
    ("estimate: {rates: {small: 0}}", "estimate.rates.small must be from 0.001 to 1e9, not 0.0"),
    ("estimate: {rates: {small: 1}, hourly: {large: -1}}", "estimate.hourly.large must be from 0 to 1e9, not -1.0"),
    ("estimate: {rates: {smal: 1}}", "Did you mean 'small'?"), ("estimate: {hourly: {small: 1}}", "has no 'rates'"),
    ("paper: speculative", "paper can be speculative-thinking, scot, tldr"),
  ])
  func `is stated in words that are checked`(_ text: String, _ words: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("tasks: [countdown]\n\(text)".utf8).write(to: file)
    let error = #expect(throws: SetupError.self) { try PlanDraft(file: file.path) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
