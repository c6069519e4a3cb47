/// A number that describes a model's distribution, and how well it is known.
///
/// An engine in this process computes whole distributions. A server reports the log-probabilities of the most likely
/// tokens at best, which leaves a range for everything else.
public enum Measured: Sendable, Hashable {
  case exact(Float)
  /// It lies somewhere in this range.
  case bounded(ClosedRange<Float>)
  case unknown

  /// The value; nil if it is not known exactly.
  public var exact: Float? { if case .exact(let value) = self { value } else { nil } }

  /// The least and the greatest value that it can have; nil if nothing is known.
  public var bounds: ClosedRange<Float>? {
    switch self {
    case .exact(let value): value.isNaN ? nil : value...value
    case .bounded(let range): range
    case .unknown: nil
    }
  }

  /// The value; throws `inexact` with the name of the quantity if it is not known exactly.
  public func exactly(_ quantity: String) throws(EngineError) -> Float {
    if case .exact(let value) = self { return value }
    throw .inexact(quantity: quantity, known: self, needed: "be exact")
  }

  /// Whether it is above `threshold`; nil if its bounds disagree.
  public func isAbove(_ threshold: Float) -> Bool? {
    guard let bounds else { return nil }
    return bounds.lowerBound > threshold ? true : bounds.upperBound > threshold ? nil : false
  }

  /// Whether it is below `threshold`; nil if its bounds disagree.
  public func isBelow(_ threshold: Float) -> Bool? {
    guard let bounds else { return nil }
    return bounds.upperBound < threshold ? true : bounds.lowerBound < threshold ? nil : false
  }
}

extension Measured {
  /// The mean of some values, as well as it is known; unknown if there are none.
  package static func mean(of values: some Collection<Measured>) -> Measured {
    guard !values.isEmpty else { return .unknown }
    var (lower, upper, isExact) = (Float(0), Float(0), true)
    for value in values {
      guard let bounds = value.bounds else { return .unknown }
      lower += bounds.lowerBound
      upper += bounds.upperBound
      if case .bounded = value { isExact = false }
    }
    let count = Float(values.count)
    return isExact ? .exact(lower / count) : .bounded(lower / count...upper / count)
  }

  /// The entropy in nats of a distribution over `vocabularySize` tokens of which only the largest probabilities are
  /// known, by their logarithms.
  ///
  /// What is left over has the least entropy if it is shared by as few tokens as can be, none likelier than the known
  /// ones, and the most if it is shared by all.
  package static func entropy(ofTop logProbabilities: [Float], vocabularySize: Int) -> Measured {
    guard let least = logProbabilities.min(), least > -.infinity else { return .unknown }
    var (known, rest) = (Float(0), Float(1))
    for value in logProbabilities {
      let probability = Softmax.exp(SIMD8(repeating: max(min(value, 0), -87)))[0]
      known -= probability * value
      rest -= probability
    }
    let others = Float(vocabularySize - logProbabilities.count)
    guard others > 0, rest > 1e-6 else { return .exact(max(0, known)) }
    let lower = known - rest * min(0, max(Softmax.log(rest), -87), least)
    let upper = known - rest * Softmax.log(rest / others)
    return lower < upper ? .bounded(lower...upper) : .exact(upper)
  }
}

extension Measured: CustomStringConvertible {
  /// The value, its bounds, or "unknown".
  public var description: String {
    switch self {
    case .exact(let value): "\(value)"
    case .bounded(let range): "between \(range.lowerBound) and \(range.upperBound)"
    case .unknown: "unknown"
    }
  }
}
