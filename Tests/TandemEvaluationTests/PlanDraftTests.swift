import Foundation
import Tandem
import TandemInference
import TandemModels
import TandemSetup
import TandemTasks
import Testing

@testable import TandemEvaluation

/// Models that are looked for and never loaded.
private let loader = EngineLoader(
  inspect: { _ in ModelFacts(trainedContext: 512) },
  load: { setup in throw EngineError.modelNotFound(path: "\(setup.source)") })

@Suite struct `A plan's draft` {
  private func draft(_ text: String) throws -> PlanDraft {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try PlanDraft(file: file.path)
  }

  @Test func `becomes a plan with the preset's values and the defaults`() async throws {
    let plan = try await draft("tasks: [countdown]").plan(loader: loader)
    #expect(plan.tasks == [.init(name: "countdown", prompt: .bare, extraction: .whole)])
    #expect(plan.rows.map(\.label) == ["small-only", "large-only", "speculative-thinking"])
    #expect(try plan.strategy(of: plan.rows[2]) as? SpeculativeThinking == Preset.nano.strategy as? SpeculativeThinking)
    #expect(plan.rows[2].settings["takeoverTokens"] == .integer(14))
    #expect(plan.rows[2].settings["probeTokens"] == nil, "the paper's constants are in one place")
    #expect(plan.seeds == [0])
    #expect(
      plan.conditions
        == RunConditions(
          small: "nano-small", large: "nano-large", budget: Budget(thinkingTokens: 400, answerTokens: 48),
          contextSize: 512))
  }

  @Test func `keeps its own values over the preset's`() async throws {
    let text = """
      tasks: [{name: countdown, problems: 3, perturbation: distractor}]
      strategies: [{strategy: speculative-thinking, settings: {max_target_tokens: 9}}]
      sampling: {topP: 0.5}
      limits: {answerTokens: 20}
      """
    let plan = try await draft(text).plan(loader: loader)
    #expect(plan.tasks[0].perturbation == .distractor && plan.tasks[0].problems == 3)
    #expect(plan.conditions.sampling == SamplingParameters(temperature: 0.6, topK: 0, topP: 0.5))
    #expect(plan.conditions.budget == Budget(thinkingTokens: 400, answerTokens: 20))
    let strategy = try #require(try plan.strategy(of: plan.rows[0]) as? SpeculativeThinking)
    #expect(strategy.takeoverTokens == 9 && strategy.probeTokens == 9 && strategy.excessTokens == 12)
  }

  @Test func `of a plan gives that plan again`() async throws {
    let text = """
      tasks: [countdown, {name: countdown, label: other, prompt: effort-low, optionSeed: 3, objection: true}]
      strategies: [small-only, {strategy: random-takeover, label: r, settings: {probability: 0.5}, large: {draft: small}}]
      seeds: [4, 5]
      contextSize: 300
      limits: {thinkingTokens: 90, whenSpent: stop}
      """
    let plan = try await draft(text).plan(loader: loader)
    #expect(try await PlanDraft(plan).plan(loader: loader) == plan)
  }

  @Test(arguments: [
    ("tasks: [countdown]\nlimits: {thinkingTokens: -5}", "limits.thinkingTokens must be from 0 to 10000000, not -5."),
    ("tasks: [countdown]\nlimits: {thinkingTokens: 4611686018427387904}", "limits.thinkingTokens must be from 0"),
    ("tasks: [countdown]\nparallel: 0", "parallel must be from 1 to 64, not 0."),
    (
      "tasks: [countdown]\nstrategies: [{strategy: small-only, small: {draft: lookup, draftMax: 0}}]",
      "draftMax must be from 1 to 64, not 0."
    ),
    ("tasks: [{name: countdown, prompt: bar}]", "tasks.1.prompt can be bare, speculative-thinking"),
    ("tasks: [{name: countdown, extraction: box}]", "Did you mean 'boxed'?"),
    ("tasks: [{name: countdown, perturbation: x}]", "tasks.1.perturbation can be first-of-two"),
    (
      "tasks: [countdown]\nstrategies: [{strategy: small-only, small: {drft: lookup}}]",
      "'strategies.1.small' has no 'drft'"
    ),
    (
      "tasks: [countdown]\nstrategies: [{strategy: small-only, small: {draft: look}}]",
      "strategies.1.small.draft can be"
    ),
    ("tasks: countdown", "tasks must be a list, not \"countdown\""), ("tasks: [3]", "tasks.1 must be"),
    ("tasks: [{problems: 3}]", "tasks.1 has no 'name'"), ("- countdown", "is not a plan"),
  ])
  func `names the place of what can't be`(text: String, words: String) throws {
    let error = #expect(throws: SetupError.self) { try draft(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains(".yaml: ") == true)
  }

  @Test func `has a key for each field`() {
    #expect(
      Mirror(reflecting: PlanDraft.TaskDraft(name: "")).children.count == PlanDraft.TaskDraft.CodingKeys.allCases.count)
    #expect(
      Mirror(reflecting: PlanDraft.RowDraft(strategy: "")).children.count
        == PlanDraft.RowDraft.CodingKeys.allCases.count)
  }

  @Test func `may not have a label without end, or rows without end`() async throws {
    var plan = try await draft("tasks: [countdown]").plan(loader: loader)
    // The second is one character.
    for label in [String(repeating: "x", count: 501), "x" + String(repeating: "\u{301}", count: 500)] {
      plan.rows[0].label = label
      let error = #expect(throws: EvaluationError.self) { try plan.validate() }
      let start = String(label.unicodeScalars.prefix(40))
      #expect(error?.description.contains("'\(start)…' has 501") == true)
    }
    plan.rows = (0..<1001).map { Plan.Row(label: "\($0)", strategy: "small-only") }
    #expect(throws: EvaluationError.self) { try plan.validate() }
  }
}

/// A run that the program of commit 2737383 made, with every key that a plan had.
@Suite struct `A run of an earlier version` {
  private let url: URL

  init() throws {
    url = try #require(Bundle.module.url(forResource: "Runs", withExtension: nil)).appending(path: "2737383")
  }

  @Test func `is read, and its header is written as it was`() throws {
    let folder = RunFolder(url)
    let header = try folder.header()
    #expect(header.plan.conditions.flashAttention == .off && header.plan.conditions.thinkingFormat == .think)
    #expect(header.plan.tasks[1].perturbation == .distractor && header.plan.tasks[1].prompt.name == "effort-low")
    let before = try JSONDecoder().decode(Setting.self, from: Data(contentsOf: folder.headerFile))
    let after = try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(header))
    #expect(before == after)
  }

  @Test func `has its records and calibrations`() throws {
    let folder = RunFolder(url)
    #expect(try folder.records().map(\.row) == ["small-only", "brief", "small-only", "brief"])
    #expect(try folder.records()[1].large == "nano-large+nano-small")
    #expect(try folder.calibrations().map(\.row) == ["random-takeover like brief", "random-takeover like brief"])
  }

  @Test func `has a plan file that still gives the same plan`() async throws {
    let header = try RunFolder(url).header()
    var now = header
    now.plan = try await PlanDraft(file: url.appending(path: "plan.yaml").path).plan(loader: loader)
    // The adapter lies elsewhere on each machine.
    for index in now.plan.rows.indices where now.plan.rows[index].large?.lora != nil {
      now.plan.rows[index].large?.lora = header.plan.rows[index].large?.lora
    }
    // The rows of that version spell the constants of the paper out: the same values.
    #expect(header.differences(from: now) == [])
    #expect(header.plan.rows != now.plan.rows)
  }

  @Test func `is told from another one by each value`() throws {
    let header = try RunFolder(url).header()
    var other = header
    other.version += 1
    #expect(header.differences(from: other) == [], "a version says how the file is read, and not what was run")
    other.plan.conditions.threads = 3
    other.plan.rows[1].settings["takeoverTokens"] = .integer(15)
    #expect(
      header.differences(from: other).map(\.description) == [
        "plan.conditions.threads is 1 there and 3 here", "plan.rows.2.settings.takeoverTokens is 14 there and 15 here",
      ])
  }
}
