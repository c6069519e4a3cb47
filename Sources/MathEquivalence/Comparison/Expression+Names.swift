extension Expression {
  var isTuple: Bool {
    if case .tuple = self { true } else { false }
  }

  /// Whether it can only name a value: a letter, `f(x)`, `AB`, `(x, y)`, words.
  var isName: Bool {
    switch self {
    case .symbol(let name): !Expression.constants.contains(name) || name == "i" || name == "e"
    case .text: true
    case .function(let name, let arguments):
      name.hasPrefix("call ") || (name == "derivative" && arguments.allSatisfy(\.isName))
        || (["abs", "max", "min", "det"].contains(name) && arguments.allSatisfy(\.isFigure))
    case .tuple(let parts), .ratio(let parts), .set(let parts): parts.allSatisfy(\.isName)
    case .product: isFigure
    default: false
    }
  }

  /// Whether it is something one asks the value of: `cos θ`, `AB/CD`, `a + b`. A line or a curve, `2x + z = 1`, is not.
  var isMeasure: Bool {
    switch self {
    case .function(let name, _): name != "suchthat"
    case .product(let parts): parts.allSatisfy { $0.isName || $0.isReciprocalOfName } && !isOfCoordinates
    case .sum(let parts): parts.allSatisfy { $0.isName || $0.isNegatedName } && !isOfCoordinates
    case .ratio(let parts): parts.allSatisfy(\.isName)
    default: false
    }
  }

  /// Whether the letters are those of points: `x + y = 1` is a line.
  private var isOfCoordinates: Bool { freeSymbols.isSubset(of: ["x", "y", "z"]) }

  private var isReciprocalOfName: Bool {
    guard case .power(let base, .number(let exponent)) = self else { return false }
    return base.isName && exponent == Rational(-1)
  }

  private var isNegatedName: Bool {
    guard case .product(let parts) = self else { return false }
    return parts.count == 2 && parts[0] == .int(-1) && parts[1].isName
  }

  /// A segment, an angle or a polygon, named by capital letters.
  private var isFigure: Bool {
    switch self {
    case .symbol(let name): name == "m" || name.first?.isUppercase == true || name.hasPrefix("∠") || name.hasPrefix("△")
    case .product(let parts): parts.allSatisfy(\.isFigure)
    default: false
    }
  }

  /// The letter without its subscript.
  var bareName: String? {
    guard case .symbol(let name) = self else { return nil }
    return name.split(separator: "_").first.map(String.init)
  }
}
