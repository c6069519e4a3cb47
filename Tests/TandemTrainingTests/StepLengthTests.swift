import Tandem
import TandemInference
import TandemRewards
import TandemTasks
import Testing

@testable import TandemTraining

private func near(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 }
}

@Suite struct `Control of the length of steps` {
  @Test func `charges a step by its length, the less the more it matters`() {
    let control = StepLengthControl(stepWeight: 0.5)
    // 1 - I/2 is 0, 0.75 and 1; -0.5 * 0.75 * 20/100 and -0.5 * 30/100
    let rewards = control.rewards(lengths: [10, 20, 30], importances: [2, 0.5, -1], limit: 100)
    #expect(near(rewards, [0, -0.075, -0.15]))
    // None helps: all are charged.
    #expect(near(control.rewards(lengths: [10, 20], importances: [-1, 0], limit: 100), [-0.05, -0.1]))
    #expect(control.rewards(lengths: [], importances: [], limit: 100) == [])
  }

  @Test func `counts what later steps cost, and compares within the group`() {
    let control = StepLengthControl(stepDecay: 0.5)
    // -0.15; -0.075 + 0.5 * -0.15; 0 + 0.5 * -0.15
    #expect(near(control.returns([0, -0.075, -0.15]), [-0.075, -0.15, -0.15]))
    #expect(near(StepLengthControl(stepDecay: 0).returns([-1, -2]), [-1, -2]))
    // The mean of all three is -2.
    let advantages = control.advantages([[-1, -2], [-3]])
    #expect(near(advantages[0], [1, 0]) && near(advantages[1], [-1]))
    #expect(control.advantages([]) == [])
  }

  @Test func `widens the clip where a prompt is difficult`() {
    let control = StepLengthControl(clipGrowth: 0.2)
    #expect(abs(control.clipGrowth(passRate: 0.25) - 0.15) < 1e-7)
    #expect(control.clipGrowth(passRate: 1) == 0)
  }

  @Test func `refuses options that make no sense`() {
    for control in [
      StepLengthControl(stepWeight: -1), StepLengthControl(stepWeight: .nan), StepLengthControl(stepDecay: 1.1),
      StepLengthControl(clipGrowth: -0.1),
    ] {
      var objective = PolicyObjective()
      objective.stepLength = control
      #expect(failure { try objective.validate() } != nil)
    }
    var both = PolicyObjective()
    (both.oreal, both.stepLength) = (OREAL(), StepLengthControl())
    #expect(failure { try both.validate() } != nil)
  }
}

@Suite struct `Training with control of steps` {
  /// Completions of four tokens and more, half of each group right.
  private static let engine = ScriptedRollouts { prompt, index in
    [index.isMultiple(of: 2) ? 5 : 200, 7, Token(rawValue: Int32(20 + index)), 9] + (index == 0 ? [8, 6] : [])
  }

  private func options(_ control: StepLengthControl?) -> PolicyOptions {
    var options = tinyPolicyOptions(steps: 2)
    options.schedule.warmUp = 0
    options.objective.stepLength = control
    return options
  }

  @Test func `measures importance as pruning does, by the answer without the step`() async throws {
    try await withFolder { folder in
      let control = StepLengthControl()
      var trainer = try tinyPolicyTrainer(folder, Self.engine, options(control))
      let groups = try await trainer.sampleGroups()
      var samples = trainer.samples(of: groups)
      _ = try trainer.score(&samples, groups)
      let (sample, rollout) = (samples[0], groups[0].rollouts[0])
      let steps = try #require(trainer.practice.steps(of: rollout))
      #expect(steps == CompletionSteps(steps: [0..<1, 1..<5], answerStart: 5))
      func answer(_ thinking: [Token]) throws -> [Float] {
        let before = groups[0].exercise.prompt + thinking
        let document = TrainingDocument(tokens: before + [rollout.tokens[5]], promptCount: before.count)
        return try trainer.model.logProbabilities(of: [document], rowLength: 64)[0]
      }
      let whole = try answer(Array(rollout.tokens[..<5]))
      let expected = [
        StepPruning.importance(without: try answer(Array(rollout.tokens[1..<5])), with: whole),
        StepPruning.importance(without: try answer(Array(rollout.tokens[..<1])), with: whole),
      ]
      let found = try trainer.importances(of: [(sample, steps)])[0]
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 } && found.count == 2, "\(found) \(expected)")
      #expect(found.contains { abs($0) > 1e-3 }, "the steps should matter")
    }
  }

  @Test func `gives right completions advantages of their steps, and no others`() async throws {
    try await withFolder { folder in
      let control = StepLengthControl(clipGrowth: 0.3)
      var trainer = try tinyPolicyTrainer(folder, Self.engine, options(control))
      let groups = try await trainer.sampleGroups()
      var samples = trainer.samples(of: groups)
      _ = try trainer.score(&samples, groups)
      try trainer.control(&samples, of: groups, by: control)
      let isRight = groups.flatMap(\.outcomes).map(\.isCorrect)
      #expect(samples.count == isRight.count && isRight.contains(true) && isRight.contains(false))
      for (sample, isRight) in zip(samples, isRight) {
        #expect(sample.stepAdvantages.isEmpty == !isRight)
        // Half of each group is right.
        #expect(abs(sample.clipGrowth - 0.15) < 1e-6)
        if isRight { #expect(sample.stepAdvantages.last == 0, "the answer is no step") }
      }
      // Over the steps of a group they add up to nothing.
      let sum = zip(samples, isRight).prefix(groups[0].rollouts.count).filter(\.1).reduce(0) { sum, pair in
        sum + pair.0.stepAdvantages[0] + pair.0.stepAdvantages[1]
      }
      #expect(abs(sum) < 1e-5)
      #expect(samples.contains { sample in sample.stepAdvantages.contains { abs($0) > 1e-3 } })
      #expect(try await trainer.step() != nil)
    }
  }

  @Test func `is GRPO, bit for bit, where it charges nothing`() async throws {
    var found: [[[Float]]] = []
    for control in [nil, StepLengthControl(stepWeight: 0, clipGrowth: 0), StepLengthControl()] {
      try await withFolder { folder in
        var trainer = try tinyPolicyTrainer(folder, Self.engine, options(control))
        while try await trainer.step() != nil {}
        found.append(try trainer.model.parameters.tensors.map { try $0.values() })
      }
    }
    #expect(found[0] == found[1])
    #expect(found[0] != found[2])
  }

  @Test func `learns from a group that is right as a whole`() async throws {
    try await withFolder { folder in
      let right = ScriptedRollouts { _, index in [5, 7, Token(rawValue: Int32(20 + index)), 9] }
      var flat = options(StepLengthControl())
      flat.reward = RewardRule(TLDR(short: 0, medium: 0, long: 0))
      var trainer = try tinyPolicyTrainer(folder, right, flat)
      let progress = try #require(try await trainer.step())
      #expect(progress.equalGroups == 0 && progress.gradientNorm > 0)
      flat.objective.stepLength = nil
      var plain = try tinyPolicyTrainer(folder, right, flat)
      #expect(try await plain.step()?.equalGroups == 1)
    }
  }
}
