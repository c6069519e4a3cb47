#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// TL;DR's re-weighting (arXiv:2506.02678): easy problems with short thinking and hard ones with long thinking are learnt
/// together, and how much each kind counts is estimated again on validation documents every few steps.
///
/// The two kinds begin with equal shares. The interval of 32 steps is the released scripts'. The rule is ours, since the
/// paper's was not read: a kind's share is multiplied by e^(η L / L₀), where L is its validation loss and L₀ that before
/// training, and the shares are scaled to add up to 1. So the kind that lags behind counts more.
package struct Reweighting: Sendable, Hashable {
  /// Which of the documents have long thinking.
  package var isLong: [Bool]
  package var validation: Validation
  /// Steps between two estimates.
  package var interval: Int
  /// η
  package var rate: Double

  /// Documents that are not trained on, of both kinds.
  package struct Validation: Sendable, Hashable {
    package var short: [TrainingDocument]
    package var long: [TrainingDocument]

    package init(short: some Sequence<TrainingDocument>, long: some Sequence<TrainingDocument>) {
      (self.short, self.long) = (Array(short), Array(long))
    }
  }

  package init(isLong: [Bool], validation: Validation, interval: Int = 32, rate: Double = 0.5) {
    (self.isLong, self.validation, self.interval, self.rate) = (isLong, validation, interval, rate)
  }

  /// How much the kinds count; a checkpoint holds it.
  package struct Mixture: Sendable, Hashable, Codable {
    /// The share of long thinking in the loss, if both kinds have as many tokens.
    package var longShare: Double
    /// The validation losses before training: -ln p of a token.
    package var shortStart: Double
    package var longStart: Double

    /// The mixture after validation losses of `short` and `long`.
    func updated(short: Double, long: Double, rate: Double) -> Self {
      var copy = self
      let weights = (
        short: (1 - longShare) * exp(rate * short / max(shortStart, 1e-9)),
        long: longShare * exp(rate * long / max(longStart, 1e-9))
      )
      // Neither kind is lost for ever.
      copy.longShare = min(max(weights.long / (weights.short + weights.long), 0.01), 0.99)
      return copy
    }
  }

  /// Throws `invalidOption`, naming the first thing that makes no sense.
  func validate(documents: [TrainingDocument]) throws(TrainingError) {
    func fail(_ name: String, _ reason: String) -> TrainingError { .invalidOption(name: name, reason: reason) }
    guard isLong.count == documents.count else { throw fail("isLong", "must say it of each document") }
    guard isLong.contains(true), isLong.contains(false) else {
      throw fail("documents", "must be of both kinds, short and long")
    }
    guard !validation.short.isEmpty, !validation.long.isEmpty else {
      throw fail("validation", "needs documents of both kinds, short and long")
    }
    guard interval >= 1 else { throw fail("interval", "must be at least 1, not \(interval)") }
    guard 0...100 ~= rate else { throw fail("rate", "must be from 0 to 100, not \(rate)") }
  }

  /// What the loss of each kind is multiplied by: its share over that in the tokens of `documents`.
  func factors(_ mixture: Mixture, of documents: [TrainingDocument]) -> (short: Float, long: Float) {
    let tokens = zip(documents, isLong).reduce(into: (short: 0, long: 0)) { sum, pair in
      if pair.1 { sum.long += pair.0.learntCount } else { sum.short += pair.0.learntCount }
    }
    let longPart = Double(tokens.long) / Double(max(tokens.short + tokens.long, 1))
    return (Float((1 - mixture.longShare) / max(1 - longPart, 1e-9)), Float(mixture.longShare / max(longPart, 1e-9)))
  }

  /// Mean -ln p of the learnt tokens of both kinds' validation documents.
  func losses(of model: Llama) throws(TrainingError) -> (short: Double, long: Double) {
    func loss(_ documents: [TrainingDocument]) throws(TrainingError) -> Double {
      let rowLength = max(documents.map(\.length).max() ?? 0, 2048)
      let found = try model.logProbabilities(of: documents, rowLength: rowLength)
      let count = found.reduce(0) { $0 + $1.count }
      return found.joined().reduce(0) { $0 - Double($1) } / Double(max(count, 1))
    }
    return (try loss(validation.short), try loss(validation.long))
  }
}

extension TrainingDocument {
  /// The same with all weights multiplied by `factor`.
  func weighted(by factor: Float) -> TrainingDocument {
    TrainingDocument(
      tokens: tokens, weights: weights.map { $0 * factor }, alternatives: alternatives, candidates: candidates)
  }
}
