import ComplexModule

extension Comparison {
  /// Evaluates both sides at random points; the number of points at which they agreed, or nil if they differ.
  func equalNumerically(_ a: Expression, _ b: Expression) throws(Exhausted) -> Int? {
    let symbols = a.freeSymbols.union(b.freeSymbols).sorted()
    var points = SamplePoints(symbols: symbols, a, b)
    guard !symbols.isEmpty else {
      guard case (let x?, let y?) = pair(a, b, at: [:]) else { return nil }
      return agreement(x, y) == .equal ? 1 : nil
    }
    let isComplex = a.mentionsImaginary || b.mentionsImaginary
    var agreed = 0
    var agreedOffAxis = 0
    for _ in 0..<10 where agreed < 4 {
      guard case (let x?, let y?) = pair(a, b, at: points.next()) else { continue }
      switch agreement(x, y) {
      case .unclear: continue
      case .different:
        // Off the real axis roots and logarithms have branches: only real values count against equality.
        if isComplex || (x.isReal && y.isReal) { return nil }
        agreedOffAxis -= 10
      case .equal:
        if isComplex || (x.isReal && y.isReal) { agreed += 1 } else { agreedOffAxis += 1 }
      }
    }
    if agreed >= 2 { return agreed }
    return agreedOffAxis >= 3 ? agreedOffAxis : nil
  }

  private func agreement(_ x: Approximation, _ y: Approximation) -> Approximation.Agreement {
    decimalsAreRounded ? x.roundedAgreement(with: y) : x.agreement(with: y)
  }

  private func pair(
    _ a: Expression, _ b: Expression, at values: [String: Approximation]
  ) -> (Approximation?, Approximation?) {
    let evaluator = Evaluator(
      budget: budget, values: values, logIsDecimal: logIsDecimal, decimalsAreRounded: decimalsAreRounded)
    guard let x = try? evaluator.evaluate(a) else { return (nil, nil) }
    return (x, try? evaluator.evaluate(b))
  }

  /// The value of an expression without symbols.
  func constant(_ expression: Expression) -> Approximation? {
    guard expression.freeSymbols.isEmpty else { return nil }
    return try? Evaluator(budget: budget, logIsDecimal: logIsDecimal).evaluate(expression)
  }
}

/// Points to compare at: the same ones in every run.
struct SamplePoints {
  let symbols: [String]
  /// Whether the symbols are counts, as in `(-1)^n` and `n!`.
  let whole: Bool
  /// How far the points are spread: floors and ceilings need to be climbed.
  let spread: Double
  private var state: UInt64 = 0x7A6E_D319_54C2_B08F
  private var round = 0

  init(symbols: [String], _ a: Expression, _ b: Expression) {
    self.symbols = symbols
    whole = a.needsWholeNumbers || b.needsWholeNumbers
    spread = a.hasSteps || b.hasSteps ? 13 : 1
  }

  private mutating func random() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) / 9_007_199_254_740_992
  }

  /// The next point: positive ones first, then of either sign.
  mutating func next() -> [String: Approximation] {
    round += 1
    var values: [String: Approximation] = [:]
    for symbol in symbols {
      let number = random()
      if whole {
        values[symbol] = Approximation((number * 9).rounded(.down) + 1)
      } else {
        values[symbol] = Approximation(spread * (round % 2 == 1 ? 0.3 + number * 2.9 : number * 6.2 - 3.1))
      }
    }
    return values
  }
}

extension Expression {
  var mentionsImaginary: Bool { contains { $0 == .imaginary } }
  var mentionsPi: Bool { contains { $0 == .pi } }

  /// Whether a floor or a ceiling of a letter occurs.
  var hasSteps: Bool {
    contains {
      guard case .function(let name, let arguments) = $0 else { return false }
      return (name == "floor" || name == "ceil") && arguments.contains { !$0.freeSymbols.isEmpty }
    }
  }

  /// Whether it only makes sense if the symbols are whole numbers.
  var needsWholeNumbers: Bool {
    contains {
      switch $0 {
      case .power(let base, let exponent):
        (base.literal?.isNegative == true) && !exponent.freeSymbols.isEmpty
      case .function(let name, let arguments):
        ["factorial", "binom", "mod", "gcd", "lcm"].contains(name) && arguments.contains { !$0.freeSymbols.isEmpty }
      default: false
      }
    }
  }
}
