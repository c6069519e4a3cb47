extension Parser {
  /// Reads the unit after a value: words, with powers and "per".
  mutating func takeUnit() throws(Failure) -> String? {
    let isBracketed = isMark("(")
    guard case .word(let first) = kind(at: isBracketed ? 1 : 0), !Vocabulary.separators.contains(first),
      !Vocabulary.conditionOpeners.contains(first.lowercased())
    else { return nil }
    // "n is odd" is a sentence.
    if ["is", "are", "was", "has", "have", "does"].contains(first) { throw .unexpected }
    var unit: [String] = []
    var open = 0
    reading: while true {
      switch kind {
      case .word(let word):
        if Vocabulary.separators.contains(word) { break reading }
        if Vocabulary.conditionOpeners.contains(word.lowercased()) { break reading }
        unit.append(word)
      case .letter(let name), .function(let name):
        guard open > 0 || ["/", "*", "^"].contains(unit.last) else { break reading }
        unit.append(name)
      case .number(let written):
        // "2 hours 30 minutes" continues; "10 ft by 48 ft" is more than a value with its unit.
        if open == 0, unit.last != "^", unit.last != "-", Units.unit(unit.joined(separator: " ")) != nil {
          break reading
        }
        guard unit.last == "^" || unit.last == "-", written.isPlainInteger else { throw .unexpected }
        unit.append(written.whole)
      case .mark("^"): unit.append("^")
      case .mark("/"): unit.append("/")
      case .mark("*"): unit.append("*")
      case .mark("-") where unit.last == "^": unit.append("-")
      case .mark("-"), .mark("'"): break
      case .mark("("), .mark("{"): open += 1
      case .mark(")"), .mark("}"):
        if open == 0 { break reading }
        open -= 1
      default: break reading
      }
      advance()
    }
    return unit.joined(separator: " ")
  }

  /// "2 hours 30 minutes" and "5 feet 6 inches": the rest of a value given in two units of one quantity.
  mutating func takeSmallerUnits(after value: Expression, _ name: String) throws(Failure) -> Expression? {
    guard case .number = kind, let unit = Units.unit(name) else { return nil }
    let rest = try parseProduct()
    guard let restName = try takeUnit(), let smaller = Units.unit(restName), smaller.dimension == unit.dimension,
      smaller.scale < unit.scale, let inverse = unit.scale.reciprocal
    else { throw .unexpected }
    return .quantity(.sum([value, .product([rest, .number(smaller.scale * inverse)])]), unit: name)
  }
}
