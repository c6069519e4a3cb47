import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemSetup
import TandemTasks

/// What `tandem demo` runs, all of it with the built-in nano pair.
struct DemoPlans {
  /// How long all plans together take for each problem, on two idle cores.
  static let secondsPerProblem = 0.8

  let problems: Int
  let parallel: Int
  let seed: UInt64
  private let preset = Preset.nano
  /// SCoT's adapters, which `scripts/reproduce-scot` makes.
  private let drafting: RoleSettings
  private let selecting: RoleSettings

  init(problems: Int, parallel: Int, seed: UInt64) throws {
    (self.problems, self.parallel, self.seed) = (problems, parallel, seed)
    drafting = try RoleSettings(lora: "nano-small-draft").located()
    selecting = try RoleSettings(selector: "nano-large-selector").located()
  }

  private var thinking: Int { preset.options.limits?.thinkingTokens ?? 400 }

  /// The strategies, each with the settings that suit traces of some 270 tokens.
  func strategies() throws -> Plan {
    let rows = [
      Plan.Row(label: SmallOnly.name, strategy: SmallOnly.name),
      Plan.Row(label: LargeOnly.name, strategy: LargeOnly.name),
      Plan.Row(
        label: SpeculativeThinking.name, strategy: SpeculativeThinking.name,
        settings: preset.settings(of: SpeculativeThinking.name)),
      Plan.Row(label: RandomTakeover.name, strategy: RandomTakeover.name, matchShare: SpeculativeThinking.name),
      Plan.Row(
        label: TemperatureScaling.name, strategy: TemperatureScaling.name, settings: ["stopTemperature": .number(0.8)]),
      Plan.Row(
        label: BudgetForcing.name, strategy: BudgetForcing.name,
        settings: ["maximum": .integer(200), "finalText": .text("")]),
      // The selector's adapter was trained with three drafts of this length.
      Plan.Row(
        label: "speculative-cot, tuned", strategy: SpeculativeCoT.name,
        settings: ["drafts": .integer(3), "draftTokens": .integer(256)], small: drafting, large: selecting),
      Plan.Row(
        label: "speculative-cot, w/o tuning", strategy: SpeculativeCoT.name,
        settings: ["selection": .text("worst-token"), "draftTokens": .integer(thinking)]),
      Plan.Row(
        label: "shortest of the same drafts", strategy: SpeculativeCoT.name,
        settings: ["selection": .text("shortest"), "draftTokens": .integer(thinking)]),
    ]
    return plan([task(.bare)], rows, large: preset.options.large)
  }

  /// A small model alone, asked for each length of thinking.
  func lengths(of small: String) throws -> Plan {
    let efforts = [("effort-low", "short"), ("effort-medium", "medium"), ("effort-high", "long")]
    let tasks = [task(.bare, "nothing")] + (try efforts.map { task(try .named($0), $1) })
    return plan(tasks, [Plan.Row(label: SmallOnly.name, strategy: SmallOnly.name)], small: small)
  }

  private func task(_ prompt: PromptTemplate, _ label: String? = nil) -> Plan.TaskChoice {
    .init(name: "countdown", label: label, problems: problems, prompt: prompt, extraction: .whole)
  }

  private func plan(
    _ tasks: [Plan.TaskChoice], _ rows: [Plan.Row], small: String = "nano-small", large: String? = nil
  ) -> Plan {
    Plan(
      tasks: tasks, rows: rows, seeds: [seed],
      // Room for three drafts in the question of the selector.
      conditions: .init(
        small: small, large: large, sampling: preset.options.sampling?.parameters ?? .init(),
        budget: Budget(thinkingTokens: thinking, answerTokens: 40),
        contextSize: 1280, extendsContext: true, parallel: parallel, flashAttention: .off))
  }
}
