extension ExactFunctions {
  /// Sines and their relatives at twelfths of a turn: `sin 100π` is zero, not nearly zero.
  func circular(_ name: String, _ form: NormalForm) throws(Exhausted) -> NormalForm? {
    guard let turn = form.rational.map({ $0.isZero ? Rational.zero : nil }) ?? form.multipleOfPi else { return nil }
    let half = Rational.fraction(1, 2)
    switch name {
    case "sin": return try sine(turn)
    case "cos": return try sine(turn + half)
    case "csc": return try inverse(of: sine(turn))
    case "sec": return try inverse(of: sine(turn + half))
    case "tan": return try quotient(sine(turn), sine(turn + half))
    case "cot": return try quotient(sine(turn + half), sine(turn))
    default: return nil
    }
  }

  /// The sine of `turn` times π; nil unless it is 0, 1, 1/2, √2/2 or √3/2 up to its sign.
  private func sine(_ turn: Rational) throws(Exhausted) -> NormalForm? {
    guard var rest = Self.remainder(of: turn, by: Rational(2)) else { return nil }
    let isNegative = rest >= .one
    if isNegative { rest = rest - .one }
    if rest > .fraction(1, 2) { rest = .one - rest }
    let root: (square: Int, divisor: Int)
    switch rest {
    case .zero: return .zero
    case .fraction(1, 6): root = (1, 2)
    case .fraction(1, 4): root = (2, 2)
    case .fraction(1, 3): root = (3, 2)
    case .fraction(1, 2): root = (1, 1)
    default: return nil
    }
    let powers = ExactPowers(budget: budget)
    let value = try powers.power(NormalForm(Rational(root.square)), .fraction(1, 2))
    return value?.scaled(by: .fraction(isNegative ? -1 : 1, root.divisor))
  }

  private func inverse(of value: NormalForm?) throws(Exhausted) -> NormalForm? {
    guard let value, value != .zero else { return nil }
    return try ExactPowers(budget: budget).power(value, Rational(-1))
  }

  private func quotient(_ top: NormalForm?, _ bottom: NormalForm?) throws(Exhausted) -> NormalForm? {
    guard let top, let inverse = try inverse(of: bottom) else { return nil }
    return try NormalArithmetic(budget: budget).product(top, inverse)
  }
}

extension NormalForm {
  /// The factor of π, if the form is a rational multiple of π.
  fileprivate var multipleOfPi: Rational? {
    guard let (monomial, coefficient) = single,
      monomial.factors == [.init(atom: .symbol("π"), exponent: .one)]
    else { return nil }
    return coefficient
  }
}
