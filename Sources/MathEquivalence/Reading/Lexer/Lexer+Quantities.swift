extension Lexer {
  /// `\num{1e3}`, `\SI{9.81}{\metre\per\second\squared}`, `\qty{4}{m}`, `\unit{\newton}`, `\ang{30}`.
  mutating func lexQuantity(_ name: String) {
    if peek() == "[", let end = characters[position...].firstIndex(of: "]") { position = end + 1 }
    if name == "num" { return spaced = true }
    if name != "unit", name != "si" {
      guard let value = braced() else { return spaced = true }
      var reader = NumberReader(Characters.folded(value), at: 0, commas: commas)
      if reader.characters.first == "-" {
        reader.position = 1
        emit(.mark("-"))
      }
      if reader.position < reader.characters.count, reader.characters[reader.position].isDigit {
        emit(.number(reader.number()))
      }
      if name == "ang" { return emit(.mark("°")) }
    }
    if let unit = braced() { lexUnit(Array(unit.unicodeScalars)) }
  }

  /// A unit in macros, `\metre\per\second`, or in letters, `m/s`.
  private mutating func lexUnit(_ unit: [Unicode.Scalar]) {
    var (index, prefix, power) = (0, "", "")
    while index < unit.count {
      let isMacro = unit[index] == "\\"
      if isMacro { index += 1 }
      let run = String(String.UnicodeScalarView(unit[index...].prefix(while: \.isLatinLetter)))
      if run.isEmpty {
        if index < unit.count, "/^-*.".unicodeScalars.contains(unit[index]) {
          emit(.mark(unit[index] == "." ? "*" : String(unit[index])))
        } else if index < unit.count, unit[index].isDigit {
          emit(.number(WrittenNumber(whole: String(unit[index]))))
        }
        index += 1
        continue
      }
      index += run.unicodeScalars.count
      if !isMacro {
        emit(.word(run))
      } else if let known = Units.prefixes[run] {
        prefix = known
      } else if let exponent = ["square": "2", "cubic": "3"][run] {
        power = exponent
      } else if let exponent = ["squared": "2", "cubed": "3"][run] {
        emitPower(exponent)
      } else if run == "per" {
        emit(.mark("/"))
      } else if run == "percent" {
        emit(.mark("%"))
      } else if run == "degree" {
        emit(.mark("°"))
      } else {
        emit(.word(prefix + (Units.macros[run] ?? run)))
        if !power.isEmpty { emitPower(power) }
        (prefix, power) = ("", "")
      }
    }
  }

  private mutating func emitPower(_ exponent: String) {
    emit(.mark("^"))
    emit(.number(WrittenNumber(whole: exponent)))
  }
}
