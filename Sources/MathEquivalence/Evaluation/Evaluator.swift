import ComplexModule
import RealModule

/// Evaluates expressions at one point.
struct Evaluator {
  let budget: Budget
  var values: [String: Approximation] = [:]
  var logIsDecimal = false
  /// Whether decimals stand for all the numbers that round to them.
  var decimalsAreRounded = false

  /// There is no value here: a pole, an operation without a number, or work beyond the budget.
  struct Undefined: Error {}

  func evaluate(_ expression: Expression) throws(Undefined) -> Approximation {
    try value(of: expression)
  }

  private func value(of expression: Expression) throws(Undefined) -> Approximation {
    let result = try unchecked(expression)
    guard result.isFinite else { throw Undefined() }
    return result
  }

  /// A product or a power that is so small that a machine number cannot hold it is no zero: nothing is known of it.
  private func checked(_ result: Approximation, isZero: Bool) throws(Undefined) -> Approximation {
    guard isZero || result.value.length >= Double.leastNormalMagnitude else { throw Undefined() }
    return result
  }

  private func unchecked(_ expression: Expression) throws(Undefined) -> Approximation {
    do { try budget.spend() } catch { throw Undefined() }
    switch expression {
    case .number(let value): return try checked(Approximation(value.double), isZero: value.isZero)
    case .decimal(let value, let places): return try decimal(value, places)
    case .symbol(let name): return try symbol(name)
    case .sum(let parts) where parts.contains(.symbol("…")): return try uninterpreted(expression)
    case .sum(let parts):
      var total = Approximation(0)
      for part in parts { total = total + (try value(of: part)) }
      return total
    case .product(let parts):
      var total = Approximation(1)
      for part in parts {
        let factor = try value(of: part)
        total = try checked(total * factor, isZero: total.value == .zero || factor.value == .zero)
      }
      return total
    case .power(let base, let exponent): return try power(base, exponent)
    case .percent(let inner): return try value(of: inner) * Approximation(0.01)
    case .degrees(let inner): return try value(of: inner) * Approximation(Double.pi / 180)
    case .quantity(let inner, _): return try value(of: inner)
    case .set(let parts) where parts.count == 1, .list(let parts) where parts.count == 1:
      return try value(of: parts[0])
    case .ratio(let parts) where parts.count == 2: return try value(of: .quotient(parts[0], parts[1]))
    case .function(let name, let arguments): return try function(name, arguments)
    case .numeral(let digits, let base):
      guard let value = Rational(digits: digits, base: base) else { throw Undefined() }
      return Approximation(value.double)
    default: return try uninterpreted(expression)
    }
  }

  private func decimal(_ value: Rational, _ places: Int) throws(Undefined) -> Approximation {
    guard decimalsAreRounded, let unit = Rounding.unit(ofDecimal: value, places: places) else {
      return try checked(Approximation(value.double), isZero: value.isZero)
    }
    return Approximation(Complex(value.double), error: unit / 2)
  }

  private func symbol(_ name: String) throws(Undefined) -> Approximation {
    switch name {
    case "π": return Approximation(.pi)
    case "e": return Approximation(Double.exp(1))
    case "i": return Approximation(.i, error: 0)
    case "∞": throw Undefined()
    default: return values[name] ?? Approximation(Double(Self.hash(name) % 1000) / 700 + 0.31)
    }
  }

  private func power(_ base: Expression, _ exponent: Expression) throws(Undefined) -> Approximation {
    let bottom = try value(of: base)
    let isZero = bottom.value == .zero
    if let rational = exponent.smallRational { return try checked(power(bottom, rational), isZero: isZero) }
    let top = try value(of: exponent)
    if top.value == .zero { return Approximation(1) }
    if isZero { throw Undefined() }
    if base == .euler { return try checked(top.mapped(Complex.exp), isZero: false) }
    let logarithm = bottom.mapped(Self.naturalLogarithm)
    return try checked((logarithm * top).mapped(Complex.exp), isZero: false)
  }

  private func power(_ base: Approximation, _ exponent: Rational) throws(Undefined) -> Approximation {
    guard let top = Int(exactly: exponent.numerator), let bottom = Int(exactly: exponent.denominator) else {
      throw Undefined()
    }
    if base.value == .zero {
      guard top > 0 else { throw Undefined() }
      return Approximation(.zero, error: base.error)
    }
    if top < 0, base.error >= base.value.length * 0.1 { throw Undefined() }
    if bottom == 1 { return base.mapped { Complex.pow($0, top) } }
    if base.isReal, base.value.real < 0, bottom % 2 == 1 {
      let root = Approximation(Complex(-base.value.real), error: base.error).mapped {
        Complex.pow($0, Complex(exponent.double))
      }
      return top % 2 == 0 ? root : Approximation(-root.value, error: root.error)
    }
    return base.mapped { bottom == 2 && top == 1 ? Complex.sqrt($0) : Complex.pow($0, Complex(exponent.double)) }
  }

  /// A value for what cannot be evaluated: the same for the same normal form.
  func uninterpreted(_ expression: Expression) throws(Undefined) -> Approximation {
    do {
      let key = try Normalizer(budget: budget, logIsDecimal: logIsDecimal).normalForm(expression).key
      return Approximation(Double(Self.hash(key) % 100_003) / 60_000 + 0.2)
    } catch {
      throw Undefined()
    }
  }

  /// A hash that is the same in every run.
  static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}

extension Expression {
  /// A written fraction such as 2/3 or -1, also as a quotient.
  var smallRational: Rational? {
    switch self {
    case .number(let value), .decimal(let value, _): value
    case .product(let parts) where parts.count == 2:
      parts[0].smallRational.flatMap { first in parts[1].smallRational.map { first * $0 } }
    case .power(.number(let base), .number(let exponent)) where exponent == Rational(-1): base.reciprocal
    default: nil
    }
  }
}
