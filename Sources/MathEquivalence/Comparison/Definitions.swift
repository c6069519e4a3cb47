/// A name and what it is said to be: `x = 3`, `f(n) = n^2`, `Maximum: 3`, `k ∈ (0, 1)`.
struct Definition {
  let name: Expression
  /// What it may be meant to be: the last exact value, and the approximation after it.
  let values: [Expression]

  /// The values one by one, if a list is defined: `k = 2, -2`.
  var members: [Expression] {
    if case .list(let members) = values[0] { members } else { [values[0]] }
  }

  /// Whether the names differ in nothing but dress: `m_{max}` is `m`.
  func isSameName(as other: Definition) -> Bool {
    if name == other.name { return true }
    guard let bare = name.bareName, bare == other.name.bareName else { return false }
    return name == .symbol(bare) || other.name == .symbol(bare)
  }

  /// Whether this is `y = …` and the other one `f(x) = …`.
  func isGraph(of other: Definition) -> Bool {
    guard case .function(let call, let arguments) = other.name, call.hasPrefix("call ") else { return false }
    return name == .symbol("y") && arguments == [.symbol("x")]
  }

  /// `(x, y) = (1, 2)` as `x = 1` and `y = 2`.
  var parts: [Definition] {
    guard case .tuple(let names) = name, case .tuple(let members) = values[0], names.count == members.count else {
      return [self]
    }
    return zip(names, members).map { Definition(name: $0, values: [$1]) }
  }

  /// The definition with the arguments of `f(z)` called as in `f(x)`; nil when the names are others altogether.
  func renamed(like other: Definition) -> Definition? {
    guard case .function(let name, let arguments) = name, case .function(name, let others) = other.name,
      arguments.count == others.count
    else { return nil }
    var result = values
    // f(y) = z does not become f(z) = z.
    let taken = Set(values.flatMap(\.freeSymbols)).subtracting(arguments.flatMap(\.freeSymbols))
    guard taken.isDisjoint(with: others.flatMap(\.freeSymbols)) else { return nil }
    for (argument, replacement) in zip(arguments, others) {
      guard case .symbol(let letter) = argument, case .symbol = replacement else { return nil }
      result = result.map { $0.replacing(letter, with: replacement) }
    }
    return Definition(name: other.name, values: result)
  }
}

extension Definition {
  /// `x = 1, y = 2, x = 3, y = 4` as tuples, one for each time the names come round; nil when they do not.
  static func tuples(_ definitions: [Definition]) -> [Expression]? {
    let names = definitions.map(\.name)
    let period = (names.dropFirst().firstIndex(of: names[0]) ?? 0)
    guard period > 1, names.count.isMultiple(of: period), Set(names).count == period,
      names.indices.allSatisfy({ names[$0] == names[$0 % period] })
    else { return nil }
    return stride(from: 0, to: names.count, by: period).map { start in
      .tuple(definitions[start..<start + period].map { $0.values[0] })
    }
  }
}

/// Two sides said to be equal, or unequal.
struct Equation {
  let left: Expression
  let right: Expression
  let sign: Expression.Relation

  var difference: Expression { .sum([left, right.negated]) }
}

extension Expression {
  /// The answer as definitions; nil when any part of it is something else.
  var definitions: [Definition]? {
    switch self {
    case .relation: return definition.map { [$0] }
    case .list(let parts), .set(let parts), .conjunction(let parts), .tuple(let parts):
      guard !parts.isEmpty else { return nil }
      var definitions: [Definition] = []
      for part in parts {
        guard let definition = part.definition else { return nil }
        definitions.append(definition)
      }
      return definitions
    default: return nil
    }
  }

  private var definition: Definition? {
    guard case .relation(let sides, let signs) = self, sides[0].isName,
      signs.allSatisfy({ $0 == .equal || $0 == .approximately || $0 == .element })
    else { return nil }
    return Definition(name: sides[0], values: chainValues)
  }

  /// The value of a chain such as `x = 5 + 6 = 11 ≈ 11.0`: the last exact side, then the approximate ones.
  var chainValues: [Expression] {
    guard case .relation(let sides, let signs) = self,
      signs.allSatisfy({ $0 == .equal || $0 == .approximately || $0 == .element })
    else { return [] }
    var values: [Expression] = []
    if let last = signs.lastIndex(where: { $0 != .approximately }) {
      if sides.count > 2 || sides[0].isName || isConstantChain { values.append(sides[last + 1]) }
    } else if !sides[0].isName {
      values.append(sides[0])
    }
    for (index, sign) in signs.enumerated() where sign == .approximately { values.append(sides[index + 1]) }
    return values
  }

  private var isConstantChain: Bool { freeSymbols.isEmpty }

  /// The single equation this is, if it is one.
  var equation: Equation? {
    guard case .relation(let sides, let signs) = self else { return nil }
    if signs == [.equal] || signs == [.approximately] {
      return Equation(left: sides[0], right: sides[1], sign: .equal)
    }
    if signs.allSatisfy({ $0 == .equal || $0 == .approximately }), let last = sides.last {
      return Equation(left: sides[0], right: last, sign: .equal)
    }
    return nil
  }
}
