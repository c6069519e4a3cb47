import Tandem
import TandemInference
import TandemRewards

/// How a completion is divided: what `StepLengthControl` must know of it.
package struct CompletionSteps: Sendable, Hashable {
  /// The tokens of each step of thinking, by their places in the completion.
  package let steps: [Range<Int>]
  /// The first token of the answer, behind the end of the thinking.
  package let answerStart: Int

  package init(steps: [Range<Int>], answerStart: Int) {
    (self.steps, self.answerStart) = (steps, answerStart)
  }
}

extension PolicyTrainer {
  /// Gives the samples what `control` adds: an advantage of each step by its length and its importance, and the clip by
  /// the difficulty of their prompt.
  ///
  /// - Parameter samples: Those of `groups`, in their order, with ln p of their tokens.
  func control(
    _ samples: inout [PolicySample], of groups: [PolicyGroup], by control: StepLengthControl
  ) throws(TrainingError) {
    var places: [(group: Int, sample: Int, steps: CompletionSteps)] = []
    var next = 0
    for (number, group) in groups.filter({ !$0.isEqual }).enumerated() {
      for (rollout, outcome) in zip(group.rollouts, group.outcomes) {
        samples[next].clipGrowth = control.clipGrowth(passRate: group.outcomes.accuracy)
        if outcome.isCorrect, let steps = practice.steps(of: rollout), !steps.steps.isEmpty,
          steps.answerStart < rollout.tokens.count
        {
          places.append((number, next, steps))
        }
        next += 1
      }
    }
    let importances = try importances(of: places.map { (samples[$0.sample], $0.steps) })
    let returns = zip(places, importances).map { place, importances in
      control.returns(
        control.rewards(lengths: place.steps.steps.map(\.count), importances: importances, limit: options.limit))
    }
    for own in Dictionary(grouping: places.indices, by: { places[$0].group }).values {
      for (index, advantages) in zip(own, control.advantages(own.map { returns[$0] })) {
        let place = places[index]
        samples[place.sample].stepAdvantages = [Float](repeating: 0, count: samples[place.sample].completionCount)
        for (step, advantage) in zip(place.steps.steps, advantages) {
          for token in step { samples[place.sample].stepAdvantages[token] = Float(advantage) }
        }
      }
    }
  }

  /// The importance of each step, by the policy as it is now: the online estimator.
  func importances(
    of completions: [(sample: PolicySample, steps: CompletionSteps)]
  ) throws(TrainingError) -> [[Double]] {
    let documents = completions.flatMap { sample, steps in
      steps.steps.map { step in
        var tokens = sample.tokens
        tokens.removeSubrange(step.lowerBound + sample.promptCount..<step.upperBound + sample.promptCount)
        return TrainingDocument(tokens: tokens, promptCount: sample.promptCount + steps.answerStart - step.count)
      }
    }
    let rowLength = max(options.rowLength, documents.map(\.length).max() ?? 0)
    let found = try model.logProbabilities(of: documents, rowLength: rowLength, rowCount: options.rowsPerBatch)
    var next = 0
    return completions.map { sample, steps in
      let whole = Array(sample.old[steps.answerStart...])
      return steps.steps.map { _ in
        next += 1
        return StepPruning.importance(without: found[next - 1], with: whole)
      }
    }
  }
}
