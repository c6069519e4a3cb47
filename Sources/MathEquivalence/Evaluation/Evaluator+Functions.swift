import ComplexModule
import RealModule

extension Evaluator {
  func function(_ name: String, _ arguments: [Expression]) throws(Undefined) -> Approximation {
    switch name {
    case "sum", "prod": return try bigOperator(name, arguments)
    case "int", "lim", "derivative", "suchthat", "given", "det": return try uninterpreted(.function(name, arguments))
    default: break
    }
    var inputs: [Approximation] = []
    for argument in arguments { inputs.append(try evaluate(argument)) }
    guard let x = inputs.first else { throw Undefined() }
    if name.hasPrefix("call ") { return unknownFunction(name, inputs) }
    if let result = Self.elementary(name, x) { return result }
    switch (name, inputs.count) {
    case ("log", 1): return logarithm(x, base: logIsDecimal ? Approximation(10) : nil)
    case ("log", 2): return logarithm(x, base: inputs[1])
    case ("sqrt", 1): return x.mapped(Complex.sqrt)
    case ("abs", 1): return Approximation(Complex(x.value.length), error: x.error)
    case ("re", 1): return Approximation(Complex(x.value.real), error: x.error)
    case ("im", 1): return Approximation(Complex(x.value.imaginary), error: x.error)
    case ("floor", 1): return try rounded(x) { $0.rounded(.down) }
    case ("ceil", 1): return try rounded(x) { $0.rounded(.up) }
    case ("factorial", 1): return try factorial(x)
    case ("binom", 2):
      let rest = inputs[1]
      return try factorial(x)
        * Self.inverse(factorial(rest) * factorial(x + Approximation(-rest.value, error: rest.error)))
    case ("max", _): return try extremum(inputs) { $0 > $1 }
    case ("min", _): return try extremum(inputs) { $0 < $1 }
    case ("mod", 2):
      guard inputs[1].value != .zero else { throw Undefined() }
      let quotient = (x.value.real / inputs[1].value.real).rounded(.down)
      return Approximation(Complex(x.value.real - quotient * inputs[1].value.real), error: x.error)
    default: return try uninterpreted(.function(name, arguments))
    }
  }

  /// A function of which only the name is known: some smooth function, another one for every name.
  private func unknownFunction(_ name: String, _ inputs: [Approximation]) -> Approximation {
    let seed = Double(Self.hash(name) % 997) / 400
    var phase = Approximation(seed + 0.4)
    for (index, input) in inputs.enumerated() {
      phase = phase + input * Approximation(0.7 + seed / 9 + Double(index) * 0.31)
    }
    return phase.mapped(Complex.sin) + Approximation(2.5)
  }

  private static func elementary(_ name: String, _ x: Approximation) -> Approximation? {
    switch name {
    case "sin": x.mapped(Complex.sin)
    case "cos": x.mapped(Complex.cos)
    case "tan": x.mapped(Complex.tan)
    case "cot": inverse(x.mapped(Complex.tan))
    case "sec": inverse(x.mapped(Complex.cos))
    case "csc": inverse(x.mapped(Complex.sin))
    case "arcsin": x.mapped(Complex.asin)
    case "arccos": x.mapped(Complex.acos)
    case "arctan": x.mapped(Complex.atan)
    case "arccot": inverse(x).mapped(Complex.atan)
    case "arcsec": inverse(x).mapped(Complex.acos)
    case "arccsc": inverse(x).mapped(Complex.asin)
    case "sinh": x.mapped(Complex.sinh)
    case "cosh": x.mapped(Complex.cosh)
    case "tanh": x.mapped(Complex.tanh)
    case "coth": inverse(x.mapped(Complex.tanh))
    case "sech": inverse(x.mapped(Complex.cosh))
    case "csch": inverse(x.mapped(Complex.sinh))
    case "arsinh": x.mapped(Complex.asinh)
    case "arcosh": x.mapped(Complex.acosh)
    case "artanh": x.mapped(Complex.atanh)
    case "exp": x.mapped(Complex.exp)
    case "ln": x.mapped(Self.naturalLogarithm)
    default: nil
    }
  }

  static func naturalLogarithm(_ x: Complex<Double>) -> Complex<Double> { .log(x) }

  private static func inverse(_ x: Approximation) -> Approximation { x.mapped { $0.reciprocal ?? .infinity } }

  private func logarithm(_ x: Approximation, base: Approximation?) -> Approximation {
    guard let base else { return x.mapped(Self.naturalLogarithm) }
    return x.mapped(Self.naturalLogarithm) * Self.inverse(base.mapped(Self.naturalLogarithm))
  }

  private func rounded(_ x: Approximation, _ rule: (Double) -> Double) throws(Undefined) -> Approximation {
    guard x.isReal else { throw Undefined() }
    // So close to a whole number that the error bound decides: taken for that number.
    let nearest = x.value.real.rounded()
    if abs(x.value.real - nearest) <= 4 * x.error { return Approximation(nearest) }
    return Approximation(rule(x.value.real))
  }

  private func factorial(_ x: Approximation) throws(Undefined) -> Approximation {
    guard x.isReal, x.value.real < 150, x.value.real > -20 else { throw Undefined() }
    let value = Double.gamma(x.value.real + 1)
    return Approximation(Complex(value), error: abs(value) * (1e-13 + 8 * x.error))
  }

  private func extremum(
    _ inputs: [Approximation], _ precedes: (Double, Double) -> Bool
  ) throws(Undefined) -> Approximation {
    guard inputs.allSatisfy(\.isReal), let best = inputs.max(by: { precedes($1.value.real, $0.value.real) }) else {
      throw Undefined()
    }
    return best
  }

  /// Sums and products with few members are worked out; the others only compare by name.
  private func bigOperator(_ name: String, _ arguments: [Expression]) throws(Undefined) -> Approximation {
    guard arguments.count == 3, let low = arguments[1].literal?.int, let high = arguments[2].literal?.int,
      low <= high, high - low <= 200, abs(low) < 1_000_000
    else { return try uninterpreted(.function(name, arguments)) }
    var inner = self
    var total = Approximation(name == "sum" ? 0 : 1)
    for index in low...high {
      inner.values["□"] = Approximation(Double(index))
      let member = try inner.evaluate(arguments[0])
      total = name == "sum" ? total + member : total * member
    }
    return total
  }
}
