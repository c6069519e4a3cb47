import Foundation
import TandemInference
import Testing

@testable import TandemTraining

@Suite struct `Pairs handed over to TRL` {
  private let pair = AnswerPair([Message(.user, "1?")], chosen: "one", rejected: "\"two\"")

  private func handOver(_ objective: PreferenceObjective) -> PairHandOver {
    PairHandOver(objective, [pair], epochs: 2, learningRate: 1e-5, batch: 8, seed: 3)
  }

  @Test(arguments: [
    (PreferenceObjective(.dpo), "beta=0.1,\n        loss_type=\"sigmoid\",\n        learning_rate=1e-05,"),
    (PreferenceObjective(.dpo, isLengthNormalized: true), "loss_type=\"sigmoid_norm\","),
    (
      PreferenceObjective(.simpo),
      "beta=2.0,\n        loss_type=\"simpo\",\n        cpo_alpha=0.0,\n        simpo_gamma=1.0,"
    ),
  ]) func `have the loss of the run`(objective: PreferenceObjective, words: String) async throws {
    try await withFolder { folder in
      try handOver(objective).write(to: folder)
      let script = try String(contentsOfFile: folder + "/train.py", encoding: .utf8)
      #expect(script.contains(words), "\(script)")
      #expect(script.contains(objective.rule == .dpo ? "import DPOConfig, DPOTrainer" : "import CPOConfig, CPOTrainer"))
      let row = try String(contentsOfFile: folder + "/train.jsonl", encoding: .utf8)
      #expect(
        row == #"""
          {"chosen":[{"content":"one","role":"assistant"}],"prompt":[{"content":"1?","role":"user"}],"rejected":[{"content":"\"two\"","role":"assistant"}]}

          """#)
    }
  }

  @Test func `are refused if TRL can't do what is asked for`() {
    for objective in [
      PreferenceObjective(.dpo, margin: 1), PreferenceObjective(.simpo, isLengthNormalized: false),
      PreferenceObjective(.dpo, beta: -1),
    ] {
      #expect(failure { try handOver(objective).write(to: "/nowhere") } != nil, "\(objective)")
    }
  }
}
