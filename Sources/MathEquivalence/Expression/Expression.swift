/// What an answer says: a value, or values gathered in lists, tuples, sets, intervals, matrices and relations.
indirect enum Expression: Hashable, Sendable {
  /// An exact number.
  case number(Rational)
  /// A number written with a decimal point, and how many digits follow it.
  case decimal(Rational, places: Int)
  /// Digits written with their base: `204_5`.
  case numeral(digits: String, base: Int)
  case symbol(String)
  case sum([Expression])
  case product([Expression])
  case power(Expression, Expression)
  case function(String, [Expression])
  /// `±x`; a second kind of sign, `∓x`, is `minusPlus`.
  case plusMinus(Expression)
  case minusPlus(Expression)
  case percent(Expression)
  case degrees(Expression)
  case quantity(Expression, unit: String)
  case ratio([Expression])
  /// `a < b ≤ c`: operands and the signs between them.
  case relation([Expression], [Relation])
  /// Values side by side, in no order.
  case list([Expression])
  /// Conditions that hold together.
  case conjunction([Expression])
  case tuple([Expression])
  case set([Expression])
  case interval(Expression, Expression, closed: Ends)
  case union([Expression])
  case intersection([Expression])
  case difference(Expression, Expression)
  case matrix([[Expression]])
  case text(String)

  /// Which ends of an interval belong to it.
  struct Ends: Hashable, Sendable {
    var lower: Bool
    var upper: Bool

    static let open = Ends(lower: false, upper: false)
  }

  /// The sign between two sides.
  enum Relation: String, Hashable, Sendable {
    case equal = "="
    case approximately = "≈"
    case notEqual = "≠"
    case less = "<"
    case lessOrEqual = "≤"
    case greater = ">"
    case greaterOrEqual = "≥"
    case element = "∈"
    case notElement = "∉"
    case arrow = "→"
    case subset = "⊂"
    case superset = "⊃"

    /// The sign when the sides change places.
    var reversed: Relation {
      switch self {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      case .subset: .superset
      case .superset: .subset
      default: self
      }
    }

    var isOrder: Bool { self == .less || self == .lessOrEqual || self == .greater || self == .greaterOrEqual }
    var isStrict: Bool { self == .less || self == .greater }
  }
}

extension Expression {
  static let one = Expression.number(.one)
  static let zero = Expression.number(.zero)
  static let pi = Expression.symbol("π")
  static let euler = Expression.symbol("e")
  static let imaginary = Expression.symbol("i")
  static let infinity = Expression.symbol("∞")
  /// What a relation without a left side is about: the x of "≤ 4".
  static let unnamed = Expression.symbol("◦")
  static let emptySet = Expression.set([])

  static func int(_ value: Int) -> Expression { .number(Rational(value)) }

  var negated: Expression {
    switch self {
    case .number(let value): .number(value.negated)
    case .decimal(let value, let places): .decimal(value.negated, places: places)
    case .percent(let inner): .percent(inner.negated)
    case .degrees(let inner): .degrees(inner.negated)
    case .quantity(let inner, let unit): .quantity(inner.negated, unit: unit)
    case .plusMinus(let inner): .minusPlus(inner)
    case .minusPlus(let inner): .plusMinus(inner)
    default: .product([.int(-1), self])
    }
  }

  var reciprocal: Expression { .power(self, .int(-1)) }

  /// The written number, when the expression is nothing else.
  var literal: Rational? {
    switch self {
    case .number(let value), .decimal(let value, _): value
    default: nil
    }
  }

  static func quotient(_ top: Expression, _ bottom: Expression) -> Expression {
    if let a = top.literal, let b = bottom.literal, case .number = top, case .number = bottom,
      let inverse = b.reciprocal
    {
      return .number(a * inverse)
    }
    return .product([top, bottom.reciprocal])
  }

  /// The parts directly below.
  var children: [Expression] {
    switch self {
    case .number, .decimal, .numeral, .symbol, .text: []
    case .sum(let parts), .product(let parts), .function(_, let parts), .ratio(let parts), .relation(let parts, _),
      .list(let parts), .conjunction(let parts), .tuple(let parts), .set(let parts), .union(let parts),
      .intersection(let parts):
      parts
    case .power(let a, let b), .interval(let a, let b, _), .difference(let a, let b): [a, b]
    case .plusMinus(let a), .minusPlus(let a), .percent(let a), .degrees(let a), .quantity(let a, _): [a]
    case .matrix(let rows): rows.flatMap { $0 }
    }
  }

  /// Whether any part, this one included, satisfies the condition.
  func contains(where condition: (Expression) -> Bool) -> Bool {
    condition(self) || children.contains { $0.contains(where: condition) }
  }
}
