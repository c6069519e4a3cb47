package import TandemInference

// The standard library may change how it draws, and with it every document made from a seed: these never change.
extension SplitMix64 {
  /// A number from 0 to below `bound`, which must be above 0 (Lemire 2019, without the rejection: its bias is below
  /// `bound` in 2^64).
  package mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

  package mutating func draw(from range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  package mutating func chance(_ probability: Double) -> Bool { Double(next() >> 11) * 0x1p-53 < probability }

  /// One of `choices`; nil if there are none.
  package mutating func pick<Choice>(_ choices: [Choice]) -> Choice? {
    choices.isEmpty ? nil : choices[below(choices.count)]
  }

  /// An index of `weights`, as likely as its weight.
  package mutating func index(weights: [Double]) -> Int {
    var rest = Double(next() >> 11) * 0x1p-53 * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
