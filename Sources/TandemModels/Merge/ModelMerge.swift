/// How the weights of several models become those of one. Each tensor is merged by itself.
package struct ModelMerge: Sendable, Hashable {
  package enum Method: String, Sendable, Hashable, CaseIterable {
    /// Σ w θ / Σ w: AdaR1 (arXiv:2504.21659) mixes a long and a short reasoner so, with the weights α and 1 - α.
    case linear
    /// θ_base + Σ w (θ - θ_base): task vectors (arXiv:2212.04089).
    case task
    /// Task vectors of which a share is dropped at random and the rest enlarged (DARE, arXiv:2311.03099), added up where
    /// they agree with the sign of their sum (TIES, arXiv:2306.01708). As in mergekit, which ReCUT (arXiv:2506.10822)
    /// uses, the sum is not divided by the weights.
    case dareTIES = "dare-ties"

    /// Whether there must be a model that the others were trained from.
    package var needsBase: Bool { self != .linear }
  }

  package let method: Method
  /// One for each model.
  package let weights: [Float]
  /// The share of a task vector's numbers that DARE keeps.
  package let density: Float
  /// Of what DARE drops.
  package let seed: UInt64

  /// Throws `ModelError.cannotMerge`, naming the option that makes no sense.
  package init(_ method: Method, weights: [Float], density: Float = 0.5, seed: UInt64 = 0) throws(ModelError) {
    guard weights.allSatisfy(\.isFinite) else { throw .cannotMerge(reason: "a weight is not a number") }
    guard method != .linear || weights.reduce(0, +) != 0 else {
      throw .cannotMerge(reason: "the weights of a linear merge add up to 0")
    }
    guard density > 0, density <= 1 else {
      throw .cannotMerge(reason: "the density must be above 0, at most 1, not \(density)")
    }
    (self.method, self.weights, self.density, self.seed) = (method, weights, density, seed)
  }

  /// The numbers of one tensor. Numbers of models and base stand in the same order; the base's may be empty for a linear
  /// merge. `place` tells the tensor from others, so that each drops others.
  func merged(_ models: [[Float]], base: [Float], place: UInt64) -> [Float] {
    switch method {
    case .linear:
      let total = weights.reduce(0, +)
      return models[0].indices.map { index in
        zip(models, weights).reduce(0) { $0 + $1.1 * $1.0[index] } / total
      }
    case .task:
      return base.indices.map { index in
        zip(models, weights).reduce(base[index]) { $0 + $1.1 * ($1.0[index] - base[index]) }
      }
    case .dareTIES:
      var draws = models.indices.map { DropDraws(seed: seed, model: UInt64($0), place: place) }
      return base.indices.map { index in
        // 1. DARE: what is left of each task vector, its expectation unchanged.
        let deltas = models.indices.map { model -> Float in
          let isKept = draws[model].next() < density
          return isKept ? weights[model] * (models[model][index] - base[index]) / density : 0
        }
        // 2. TIES: the sign that the sum has is elected; the rest is left out.
        let sum = deltas.reduce(0, +)
        return base[index] + deltas.reduce(0) { $0 + ($1 * sum > 0 ? $1 : 0) }
      }
    }
  }
}

/// Numbers from 0 to below 1 that decide what is dropped (SplitMix64; Steele et al. 2014).
private struct DropDraws {
  private var state: UInt64

  init(seed: UInt64, model: UInt64, place: UInt64) {
    state = seed
    for word in [model, place] { state = bits() ^ word }
  }

  mutating func next() -> Float { Float(bits() >> 40) / Float(1 << 24) }

  private mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
