import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemModels

/// What `tandem demo` runs, all of it with the built-in nano pair.
struct DemoPlans {
  /// How long all plans together take for each problem, on two idle cores.
  static let secondsPerProblem = 0.7

  let problems: Int
  let parallel: Int
  let seed: UInt64
  private let preset = Preset.nano
  /// SCoT's adapters, which `scripts/reproduce-scot` makes.
  private let drafting: RoleSettings
  private let selecting: RoleSettings

  init(problems: Int, parallel: Int, seed: UInt64) throws {
    (self.problems, self.parallel, self.seed) = (problems, parallel, seed)
    drafting = try RoleSettings(lora: "nano-small-draft").located
    selecting = try RoleSettings(selector: "nano-large-selector").located
  }

  private var thinking: Int { preset.thinkingBudget ?? 400 }

  /// The strategies, each with the settings that suit traces of some 270 tokens.
  var strategies: Plan {
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
    return plan([task("bare")], rows, large: preset.large.description)
  }

  /// A small model alone, asked for each length of thinking.
  func lengths(of small: String) -> Plan {
    let tasks = [
      task("bare", "nothing"), task("effort-low", "short"), task("effort-medium", "medium"),
      task("effort-high", "long"),
    ]
    return plan(tasks, [Plan.Row(label: SmallOnly.name, strategy: SmallOnly.name)], small: small)
  }

  private func task(_ prompt: String, _ label: String? = nil) -> Plan.TaskChoice {
    .init(name: "countdown", label: label, problems: problems, prompt: prompt, extraction: "whole")
  }

  private func plan(
    _ tasks: [Plan.TaskChoice], _ rows: [Plan.Row], small: String = "nano-small", large: String? = nil
  ) -> Plan {
    let sampling = SamplingParameters(
      temperature: Float(preset.sampling.temperature), topK: preset.sampling.topK, topP: Float(preset.sampling.topP))
    return Plan(
      tasks: tasks, rows: rows, seeds: [seed],
      // Room for three drafts in the question of the selector.
      conditions: .init(
        small: small, large: large, sampling: sampling, budget: Budget(thinkingTokens: thinking, answerTokens: 40),
        contextSize: 1280, extendsContext: true, parallel: parallel, flashAttention: "off"))
  }
}
