package import TandemInference

/// What samples completions of the model in training: the seam to whatever runs language models.
package protocol RolloutEngine: Sendable {
  /// One completion for each request, in their order.
  ///
  /// - Parameters:
  ///   - files: The model as it is now. Their contents change from call to call, their names need not.
  ///   - sampling: How tokens are drawn. The same requests with the same weights draw the same tokens.
  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from files: PolicyFiles
  ) async throws -> [Rollout]
}

/// Where the engine finds a model.
package struct PolicyFiles: Sendable, Hashable {
  /// A GGUF file.
  package let weights: String
  /// A GGUF adapter for it, if one is trained.
  package let adapter: String?

  package init(weights: String, adapter: String? = nil) {
    self.weights = weights
    self.adapter = adapter
  }
}

/// A prompt to complete.
package struct RolloutRequest: Sendable, Hashable {
  package let prompt: [Token]
  package let seed: UInt64
  /// The most tokens to sample.
  package let limit: Int

  package init(prompt: [Token], seed: UInt64, limit: Int) {
    self.prompt = prompt
    self.seed = seed
    self.limit = limit
  }
}

/// A completion as the engine drew it.
package struct Rollout: Sendable, Hashable {
  /// The end of the turn is the last one, if it was reached.
  package let tokens: [Token]
  /// ln p of each token in the model's own distribution, whatever it was drawn with.
  package let logProbabilities: [Float]
  /// Mean entropy of the distributions that its tokens were drawn from, in nats.
  package let entropy: Float
  /// Whether it ended by itself, and not at the limit.
  package let isComplete: Bool

  /// Throws `inexact` for tokens of an engine that does not know whole distributions.
  package init(_ sampled: [SampledToken]) throws(EngineError) {
    tokens = sampled.map(\.token)
    logProbabilities = try sampled.map { (token) throws(EngineError) in
      try token.logProbability.exactly("log-probability of a token")
    }
    entropy = sampled.isEmpty ? 0 : try Measured.mean(of: sampled.map(\.entropy)).exactly("entropy of a completion")
    isComplete = sampled.last?.stop == .endOfGeneration
  }
}
