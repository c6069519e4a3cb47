import TandemInference

/// Shannon's entropy of a few alternatives.
enum Entropy {
  /// −Σ p ln p, in nats; alternatives of probability 0 add nothing.
  static func nats(of probabilities: some Sequence<Double>) -> Double {
    probabilities.reduce(0) { $1 > 0 ? $0 - $1 * Double(Softmax.log(Float($1))) : $0 }
  }

  /// ln 2: nats over it are bits.
  static let ln2 = 0.693_147_180_559_945

  /// −Σ p log₂ p.
  static func bits(of probabilities: some Sequence<Double>) -> Double { nats(of: probabilities) / ln2 }

  /// The entropy of how often each value occurs, in nats.
  static func nats(ofCounts values: some Collection<some Hashable>) -> Double {
    var counts: [AnyHashable: Int] = [:]
    for value in values { counts[AnyHashable(value), default: 0] += 1 }
    return nats(of: counts.values.map { Double($0) / Double(values.count) })
  }
}
