extension Parser {
  /// What joins the members of an answer.
  enum Joint {
    case comma
    case and
    case or
  }

  /// Reads items up to the end, or up to a closing bracket.
  mutating func parseAnswer() throws(Failure) -> Expression {
    let (items, joints) = try parseItems()
    guard items.count != 1 else { return items[0] }
    guard items.contains(where: \.isOrderRelation), items.allSatisfy(\.isRelation) else { return .list(items) }
    return joints.contains(.or) ? .union(items) : joints.contains(.and) ? .conjunction(items) : .list(items)
  }

  mutating func parseItems() throws(Failure) -> ([Expression], [Joint]) {
    var items: [Expression] = []
    var joints: [Joint] = []
    while true {
      while let joint = takeJoint() { joints.append(joint) }
      let opensOutward = items.isEmpty && isMark("]")
      if items.isEmpty { _ = take("∀") } else { skipCondition() }
      if kind == .end || (isClosing && !opensOutward) { break }
      let item = try nested { parser throws(Failure) in try parser.parseItem() }
      items.append(item)
      skipCondition()
      guard let joint = takeJoint() else { break }
      joints.append(joint)
    }
    guard !items.isEmpty else { throw .unexpected }
    return (Self.withoutSideConditions(items), joints)
  }

  private var isClosing: Bool {
    isMark(")") || isMark("]") || isMark("}") || isMark("\\}")
  }

  private mutating func takeJoint() -> Joint? {
    switch kind {
    case .mark(","), .mark(";"), .mark("…"): advance(); return .comma
    case .mark("∧"), .mark("&"): advance(); return .and
    case .mark("∨"): advance(); return .or
    case .word("and"), .word("And"): advance(); return .and
    case .word("or"), .word("Or"): advance(); return .or
    default: return nil
    }
  }

  /// One member of the answer: "Minimum: 1", "only x = 0", "7 stuffed goats".
  private mutating func parseItem() throws(Failure) -> Expression {
    let label = takeLabel()
    if case .word = kind { return try parseWords(after: label) }
    var value = try parseRelation()
    if let unit = try takeUnit() {
      // "A stopped clock" is no multiple of A.
      if case .symbol = value { throw .unexpected }
      value = try takeSmallerUnits(after: value, unit) ?? value.measured(in: unit)
    }
    if let label { value = .relation([.text(label), value], [.equal]) }
    return value
  }

  /// Words followed by a colon or an equals sign name the value after them; filler words are left out.
  private mutating func takeLabel() -> String? {
    var words: [String] = []
    var index = position
    while index < tokens.count, case .word(let word) = tokens[index].kind {
      words.append(word)
      index += 1
    }
    guard !words.isEmpty, index < tokens.count else { return nil }
    switch tokens[index].kind {
    case .mark(":"), .mark("="):
      position = index + 1
      return words.joined(separator: " ")
    case .mark(","), .mark(";"), .mark(")"), .mark("}"): return nil
    default:
      // "The maximum is 5 cm", but not a whole sentence.
      if words.count > 1, let verb = words.last, ["is", "are", "equals"].contains(verb), wordCount(from: index) < 3 {
        position = index
        return words.dropLast().joined(separator: " ")
      }
      let isBase = [.mark("_"), .mark("^")].contains(tokens[index].kind)
      if !isBase, words.allSatisfy({ Vocabulary.fillers.contains($0.lowercased()) }) { position = index }
      return nil
    }
  }

  private func wordCount(from start: Int) -> Int {
    tokens[start...].count { if case .word = $0.kind { true } else { false } }
  }

  /// A member that begins with words: plain text to the next separator.
  private mutating func parseWords(after label: String?) throws(Failure) -> Expression {
    var words: [String] = []
    if case .word(let only) = kind, only.count == 1, !startsWord(at: 1) {
      tokens[position].kind = .letter(only)
      var value = try parseRelation()
      if let label { value = .relation([.text(label), value], [.equal]) }
      return value
    }
    while true {
      switch kind {
      case .word("and") where ["hundred", "thousand"].contains(words.last?.lowercased()): words.append("and")
      case .word("and"), .word("or"):
        guard !words.isEmpty else { throw .unexpected }
        return Self.text(words, label: label)
      case .word(let word): words.append(word)
      case .letter(let letter): words.append(letter)
      case .mark("-"), .mark("'"): break
      case .mark(","), .mark(";"), .end, .mark("}"), .mark("\\}"), .mark(")"):
        guard !words.isEmpty else { throw .unexpected }
        return Self.text(words, label: label)
      default: throw .unexpected
      }
      advance()
    }
  }

  private func startsWord(at offset: Int) -> Bool {
    switch kind(at: offset) {
    case .word(let word): !Vocabulary.separators.contains(word)
    default: false
    }
  }

  private static func text(_ words: [String], label: String?) -> Expression {
    let text = Expression.text(words.joined(separator: " "))
    guard let label else { return text }
    return .relation([.text(label), text], [.equal])
  }

  /// Steps over "for all …", "where …" and the like, up to the next separator outside brackets.
  private mutating func skipCondition() {
    var opens = isMark("∀")
    if case .word(let word) = kind, Vocabulary.conditionOpeners.contains(word.lowercased()) {
      opens = word.lowercased() != "for" || opensQuantifier
    }
    guard opens else { return }
    var open = 0
    while kind != .end {
      if case .mark(let mark) = kind {
        if ["(", "[", "{", "\\{"].contains(mark) { open += 1 }
        if [")", "]", "}", "\\}"].contains(mark) {
          if open == 0 { return }
          open -= 1
        }
        if mark == ",", open == 0 { return }
      }
      advance()
    }
  }

  /// Whether "all", "any", a letter or the like follows.
  private var opensQuantifier: Bool {
    switch kind(at: 1) {
    case .letter: true
    case .word(let word): Vocabulary.quantifiers.contains(word)
    default: false
    }
  }
}
