package import TandemInference
package import TandemRewards

/// Problems to practise on, and how completions of them are judged.
package protocol Practice: Sendable {
  /// The exercise of a draw, counted from 0: always the same one for the same number.
  func exercise(at draw: Int) -> PracticeExercise
  /// What a reward gets to know of a completion.
  func outcome(of rollout: Rollout, at exercise: PracticeExercise) -> RewardOutcome
  /// How a completion is divided; nil if its thinking does not end.
  func steps(of rollout: Rollout) -> CompletionSteps?
  /// Tells these problems and their order from others.
  var fingerprint: UInt64 { get }
}

/// A prompt, and what it asks for.
package struct PracticeExercise: Sendable, Hashable {
  package let prompt: [Token]
  /// The place of its problem in the practice.
  package let problem: Int
  package let level: LengthLevel?
  /// Tokens that the prompt asks for, for L1.
  package let budget: Int?

  package init(prompt: [Token], problem: Int, level: LengthLevel? = nil, budget: Int? = nil) {
    self.prompt = prompt
    self.problem = problem
    self.level = level
    self.budget = budget
  }
}
