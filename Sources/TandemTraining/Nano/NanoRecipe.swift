package import TandemTasks

/// How a model of the built-in pair is made, every number of it.
///
/// The sizes and rates are those of the first experiments (docs/log.md), the data those of `CountdownTracePolicy`.
package struct NanoRecipe: Sendable, Hashable {
  package var name: String
  package var configuration: LlamaConfiguration
  /// Tokens to train on.
  package var tokens: Int
  /// Positions that one step moves the parameters by.
  package var batch: Int
  /// The highest learning rate.
  package var peak: Float
  /// Of weights, documents and their order. A small model learns to compare late, and with some seeds later than others
  /// (docs/log.md), so the seed is part of the recipe.
  package var seed: UInt64
  /// Different documents; where there are too few tokens in them they are read again, in another order.
  package var documents = 160_000
  package var policy = CountdownTracePolicy()

  package init(name: String, configuration: LlamaConfiguration, tokens: Int, batch: Int, peak: Float, seed: UInt64) {
    self.name = name
    self.configuration = configuration
    self.tokens = tokens
    self.batch = batch
    self.peak = peak
    self.seed = seed
  }

  /// 0.14 million parameters: bookkeeping it can learn, mostly.
  package static let small = Self(
    name: "nano-small",
    configuration: LlamaConfiguration(
      vocabularySize: NanoFormat.vocabularySize, embeddingLength: 64, blockCount: 2, headCount: 2,
      feedForwardLength: 192),
    tokens: 22_000_000, batch: 2048, peak: 5e-3, seed: 2)

  /// 0.87 million parameters, 6.2 times as many.
  package static let large = Self(
    name: "nano-large",
    configuration: LlamaConfiguration(
      vocabularySize: NanoFormat.vocabularySize, embeddingLength: 128, blockCount: 4, headCount: 4,
      feedForwardLength: 352),
    tokens: 40_000_000, batch: 4096, peak: 2.5e-3, seed: 1)

  /// Half of it, and worse: enough to see a model reason.
  package var quick: Self {
    var quick = self
    quick.tokens = tokens / 2
    quick.documents = documents / 2
    return quick
  }

  package var options: TrainingOptions {
    let steps = max(tokens / batch, 1)
    return TrainingOptions(
      schedule: CosineSchedule(peak: peak, warmUp: min(150, steps / 10), steps: steps), rowLength: batch, seed: seed)
  }
}
