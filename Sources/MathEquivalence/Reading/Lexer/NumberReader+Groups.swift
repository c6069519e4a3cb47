extension NumberReader {
  /// What stands between the groups of one number.
  enum Separator {
    case none, comma, typesetComma, space, apostrophe, point, underscore
  }

  /// Appends the groups that belong to this number, and returns what separates them.
  mutating func joinGroups(_ number: inout WrittenNumber) -> Separator {
    noteDecimalComma(after: number.whole)
    guard number.whole.count <= 3, number.whole.first != "0" else { return .none }
    if joinPairs(&number) { return .comma }
    var used = Separator.none
    while let (separator, length) = separator(), used == .none || used == separator {
      let group = position + length
      guard digitCount(at: group) == 3 else { break }
      // 1.234 has a decimal point; 1.234.567 cannot have one.
      if separator == .point, used == .none {
        guard group + 3 < characters.count, characters[group + 3] == ".", digitCount(at: group + 4) == 3 else { break }
      }
      // No list has a member "075".
      if separator == .comma, characters[group] != "0" {
        hasAmbiguousComma = true
        guard commas == .thousands else { break }
      }
      number.whole.unicodeScalars.append(contentsOf: characters[group..<group + 3])
      position = group + 3
      used = separator
    }
    return used
  }

  /// What may part groups of digits here.
  func separator() -> (Separator, length: Int)? {
    guard let first = peek() else { return nil }
    switch first {
    case ",":
      if starts(with: #",\!"#, at: position) { return (.typesetComma, starts(with: #",\! "#, at: position) ? 4 : 3) }
      return (.comma, 1)
    case "{":
      for comma in ["{,}", #"{,\!}"#] where starts(with: comma, at: position) {
        return (.typesetComma, comma.unicodeScalars.count)
      }
      return starts(with: #"{\,}"#, at: position) ? (.space, 4) : nil
    case "\\":
      for space in [#"\,"#, #"\ "#, #"\;"#, #"\:"#, #"\thinspace "#] where starts(with: space, at: position) {
        return (.space, space.unicodeScalars.count)
      }
      return nil
    case " ", "~": return (.space, 1)
    case "'", "’": return (.apostrophe, 1)
    case ".": return (.point, 1)
    case "_": return (.underscore, 1)
    default: return nil
    }
  }

  /// `12,34,567`: groups of two and a last one of three, as in India.
  mutating func joinPairs(_ number: inout WrittenNumber) -> Bool {
    guard number.whole.count <= 2, commas == .thousands else { return false }
    var place = position
    var pairs = 0
    while place < characters.count, characters[place] == ",", digitCount(at: place + 1) == 2 {
      place += 3
      pairs += 1
    }
    guard pairs > 0, place < characters.count, characters[place] == ",", digitCount(at: place + 1) == 3 else {
      return false
    }
    hasAmbiguousComma = true
    let end = place + 4
    number.whole.unicodeScalars.append(contentsOf: characters[position..<end].filter(\.isDigit))
    position = end
    return true
  }

  /// `3.141 592 653`: behind the point, too, digits may stand in threes.
  mutating func joinFractionGroups(_ number: inout WrittenNumber) {
    guard number.fraction?.count == 3 else { return }
    while let (separator, length) = separator(), separator == .space, digitCount(at: position + length) == 3 {
      let group = position + length
      number.fraction?.unicodeScalars.append(contentsOf: characters[group..<group + 3])
      position = group + 3
    }
  }

  /// One digit after a comma is the next member of a list, unless a zero stands before it.
  mutating func noteDecimalComma(after whole: String) {
    if peek() == ",", peek(1)?.isDigit == true, whole == "0" || peek(2)?.isDigit == true { hasDecimalComma = true }
  }

  /// `1.234.567,89` and `1 250,75`: if another sign separates the groups, the comma is the decimal point.
  func isDecimalComma(behind separator: Separator) -> Bool {
    switch separator {
    case .point, .apostrophe: true
    case .space: digitCount(at: position + 1) < 3
    default: false
    }
  }

  mutating func decimalComma() -> String? {
    guard peek() == ",", peek(1)?.isDigit == true else { return nil }
    position += 1
    return digits()
  }
}
