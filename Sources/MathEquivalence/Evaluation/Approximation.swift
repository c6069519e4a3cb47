import ComplexModule
import RealModule

/// A complex number and a bound on how far the true value may lie from it.
struct Approximation: Sendable {
  var value: Complex<Double>
  var error: Double

  static let epsilon = 4e-16

  init(_ value: Complex<Double>, error: Double? = nil) {
    self.value = value
    self.error = error ?? value.length * Self.epsilon
  }

  init(_ value: Double) { self.init(Complex(value)) }

  var isFinite: Bool { value.isFinite && error.isFinite }

  var real: Double { value.real }

  /// Whether the value is a real number as far as the bound can tell.
  var isReal: Bool { abs(value.imaginary) <= error * 16 + 1e-13 * value.length }

  static func + (a: Self, b: Self) -> Self {
    let sum = a.value + b.value
    return Self(sum, error: a.error + b.error + sum.length * epsilon)
  }

  static func * (a: Self, b: Self) -> Self {
    let product = a.value * b.value
    let spread = a.value.length * b.error + b.value.length * a.error + a.error * b.error
    return Self(product, error: spread + product.length * epsilon)
  }

  /// Applies a function; how far it spreads the error is measured, not derived.
  func mapped(_ function: (Complex<Double>) -> Complex<Double>) -> Self {
    let result = function(value)
    let shifted = function(value + Complex(max(error, value.length * Self.epsilon)))
    return Self(result, error: 2 * (shifted - result).length + result.length * Self.epsilon)
  }

  /// How two values relate, as far as their bounds can tell.
  enum Agreement {
    case equal
    case different
    /// The bounds are so wide that an agreement would prove nothing.
    case unclear
  }

  func agreement(with other: Self) -> Agreement {
    let difference = (value - other.value).length
    let scale = max(value.length, other.value.length)
    let bound = 8 * (error + other.error) + 1e-14 * scale
    if difference > bound { return .different }
    return bound <= 1e-6 * max(scale, 1e-6) ? .equal : .unclear
  }
}

extension Approximation {
  /// The agreement of values of which one is made of rounded decimals: the bounds are theirs.
  func roundedAgreement(with other: Self) -> Agreement {
    let difference = (value - other.value).length
    let scale = max(value.length, other.value.length)
    return difference <= 1.01 * (error + other.error) && difference <= Rounding.largestShare * scale
      ? .equal : .different
  }
}
