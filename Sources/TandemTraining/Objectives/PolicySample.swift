package import TandemInference

/// A completion to learn from: what was sampled, how likely it was, and how good it turned out.
package struct PolicySample: Sendable, Hashable {
  /// Prompt and completion.
  package let tokens: [Token]
  /// Tokens of the prompt; those after it are learnt.
  package let promptCount: Int
  /// A of the outcome; the same for all tokens of the completion.
  package var advantage: Float
  /// What is added to A of each completion token; none for nothing.
  package var stepAdvantages: [Float] = []
  /// What is added to ε_high.
  package var clipGrowth: Float = 0
  /// What each token's loss counts: see `PolicyObjective.weights`.
  package var weight: Float
  /// ln π_old and ln π_ref of each completion token.
  package var old: [Float]
  package var reference: [Float]

  /// A sample whose log-probabilities are not known yet.
  package init(tokens: [Token], promptCount: Int, advantage: Float, weight: Float) {
    self.tokens = tokens
    self.promptCount = promptCount
    self.advantage = advantage
    self.weight = weight
    old = []
    reference = []
  }

  package var completionCount: Int { tokens.count - promptCount }

  /// A of each completion token.
  package var advantages: [Float] {
    stepAdvantages.isEmpty
      ? [Float](repeating: advantage, count: completionCount) : stepAdvantages.map { $0 + advantage }
  }

  /// As the trainer packs it: completion tokens weigh 1, so that they are the learnt targets.
  var document: TrainingDocument { TrainingDocument(tokens: tokens, promptCount: promptCount) }
}
