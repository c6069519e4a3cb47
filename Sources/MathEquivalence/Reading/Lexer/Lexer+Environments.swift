extension Lexer {
  /// What an environment holds.
  enum Environment: String {
    case matrix, determinant, cases
    /// Conditions below each other; `&` only aligns them.
    case lines

    init?(_ name: String) {
      switch name {
      case "matrix", "pmatrix", "bmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array": self = .matrix
      case "vmatrix": self = .determinant
      case "cases": self = .cases
      case "aligned", "align", "gathered", "gather", "split": self = .lines
      default: return nil
      }
    }

    /// The name that the parser uses.
    var name: String { self == .lines ? "cases" : rawValue }
  }

  mutating func lexEnvironment(opens: Bool) {
    guard let name = braced(), var environment = Environment(name.hasSuffix("*") ? String(name.dropLast()) : name)
    else { return spaced = true }
    guard opens else {
      environment = environments.popLast() ?? environment
      return emit(.command("end " + environment.name))
    }
    if name == "array" { _ = braced() }
    // A brace that opens before an environment and never closes makes conditions of its rows.
    if tokens.last?.kind == .mark("\\{"), !starts(with: "\\right\\}", after: "\\end{\(name)}") {
      tokens.removeLast()
      environment = .lines
    }
    environments.append(environment)
    emit(.command("begin " + environment.name))
  }

  /// Whether the text stands right after the next place of another one.
  private func starts(with text: String, after anchor: String) -> Bool {
    let anchor = Array(anchor.unicodeScalars)
    guard let place = characters[position...].firstRange(of: anchor) else { return false }
    return starts(with: text, at: place.upperBound) || starts(with: "\\}", at: place.upperBound)
  }
}
