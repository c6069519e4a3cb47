extension Expression {
  /// The same expression with every part directly below replaced.
  func mapChildren(_ change: (Expression) -> Expression) -> Expression {
    switch self {
    case .number, .decimal, .numeral, .symbol, .text: self
    case .sum(let parts): .sum(parts.map(change))
    case .product(let parts): .product(parts.map(change))
    case .power(let a, let b): .power(change(a), change(b))
    case .function(let name, let parts): .function(name, parts.map(change))
    case .plusMinus(let a): .plusMinus(change(a))
    case .minusPlus(let a): .minusPlus(change(a))
    case .percent(let a): .percent(change(a))
    case .degrees(let a): .degrees(change(a))
    case .quantity(let a, let unit): .quantity(change(a), unit: unit)
    case .ratio(let parts): .ratio(parts.map(change))
    case .relation(let parts, let signs): .relation(parts.map(change), signs)
    case .list(let parts): .list(parts.map(change))
    case .conjunction(let parts): .conjunction(parts.map(change))
    case .tuple(let parts): .tuple(parts.map(change))
    case .set(let parts): .set(parts.map(change))
    case .interval(let a, let b, let closed): .interval(change(a), change(b), closed: closed)
    case .union(let parts): .union(parts.map(change))
    case .intersection(let parts): .intersection(parts.map(change))
    case .difference(let a, let b): .difference(change(a), change(b))
    case .matrix(let rows): .matrix(rows.map { $0.map(change) })
    }
  }

  /// Puts a value in place of a symbol, everywhere.
  func replacing(_ name: String, with value: Expression) -> Expression {
    if case .symbol(name) = self { return value }
    return mapChildren { $0.replacing(name, with: value) }
  }

  /// The names that stand for unknown values, sorted: constants and bound variables left out.
  var freeSymbols: Set<String> {
    var names: Set<String> = []
    collectSymbols(into: &names)
    return names
  }

  private func collectSymbols(into names: inout Set<String>) {
    if case .symbol(let name) = self {
      if !Expression.constants.contains(name) { names.insert(name) }
    } else {
      for child in children { child.collectSymbols(into: &names) }
    }
  }

  static let constants: Set<String> = ["π", "e", "i", "∞", "□"]

  /// Whether a sign of both kinds occurs in the value itself, not in a list within it.
  var hasPlusMinus: Bool {
    contains {
      switch $0 {
      case .plusMinus, .minusPlus: true
      default: false
      }
    }
  }

  /// The expression with every `±` read as plus, or as minus.
  func choosingSign(plus: Bool) -> Expression {
    switch self {
    case .plusMinus(let inner):
      plus ? inner.choosingSign(plus: plus) : inner.choosingSign(plus: plus).negated
    case .minusPlus(let inner):
      plus ? inner.choosingSign(plus: plus).negated : inner.choosingSign(plus: plus)
    default: mapChildren { $0.choosingSign(plus: plus) }
    }
  }
}
