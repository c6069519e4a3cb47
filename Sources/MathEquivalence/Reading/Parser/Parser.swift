/// Reads the tokens of one answer into an expression, by recursive descent.
///
///     answer   = item { ("," | ";" | "and" | "or") item }
///     item     = [label] relation [unit] [condition]
///     relation = sets { ("=" | "<" | "∈" | …) sets }
///     sets     = ratio { ("∪" | "∩" | "∖") ratio }
///     ratio    = sum { ":" sum }
///     sum      = ["-"] product { ("+" | "-" | "±") product }
///     product  = power { ["*" | "/" | "mod"] power }
///     power    = primary { "^" primary | "!" | "%" | "°" | "_" }
struct Parser {
  /// The answer is not mathematics that this parser can read.
  enum Failure: Error {
    case unexpected
    case tooDeep
  }

  var tokens: [Token]
  var position = 0
  let limits: Limits
  private(set) var depth = 0
  /// Bars that are open: inside them a bar closes, outside it opens.
  var openBars = 0
  /// Whether `|` and `:` end the expression, as before a set's condition.
  var endsAtBar = false
  /// Whether a colon divides: in brackets with a sum, `(1/a : b - c)`, it is no ratio.
  var colonDivides = false
  /// Whether `[` closes, as in `]0, 1[`.
  var closesOutward = false
  /// Inside an integral `dx` is one symbol.
  var integrals = 0

  /// Reads the whole text.
  static func parse(
    _ text: String, commas: CommaReading = .thousands, limits: Limits = .standard
  ) throws(Failure) -> Expression {
    guard let lexer = Lexer.tokens(of: text, commas: commas, limits: limits) else { throw .tooDeep }
    return try parse(lexer.tokens, limits: limits)
  }

  static func parse(_ tokens: [Token], limits: Limits) throws(Failure) -> Expression {
    var parser = Parser(tokens: tokens, limits: limits)
    let answer = try parser.parseAnswer()
    guard parser.kind == .end else { throw .unexpected }
    return answer
  }

  init(tokens: [Token], limits: Limits) {
    self.tokens = tokens
    self.limits = limits
  }

  var kind: Token.Kind { position < tokens.count ? tokens[position].kind : .end }
  var isSpaced: Bool { position < tokens.count && tokens[position].spaced }

  func kind(at offset: Int) -> Token.Kind {
    position + offset < tokens.count ? tokens[position + offset].kind : .end
  }

  mutating func advance() { position += 1 }

  /// How often the mark stands between the start and the bracket that closes, inner brackets left out.
  ///
  /// To look ahead, not to try and go back: trying costs twice as much at every level of brackets.
  func count(_ mark: String, from start: Int) -> Int {
    var (open, found) = (0, 0)
    for token in tokens[min(start, tokens.count)...] {
      guard case .mark(let next) = token.kind else { continue }
      if ["(", "[", "{", "\\{"].contains(next) { open += 1 }
      if [")", "]", "}", "\\}"].contains(next) {
        if open == 0 { return found }
        open -= 1
      }
      if next == mark, open == 0 { found += 1 }
    }
    return found
  }

  func isMark(_ mark: String) -> Bool { kind == .mark(mark) }

  /// Steps over the mark if it stands here.
  mutating func take(_ mark: String) -> Bool {
    guard isMark(mark) else { return false }
    advance()
    return true
  }

  mutating func expect(_ mark: String) throws(Failure) {
    guard take(mark) else { throw .unexpected }
  }

  /// Runs a rule one level deeper.
  mutating func nested(_ rule: (inout Parser) throws(Failure) -> Expression) throws(Failure) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= limits.depth else { throw .tooDeep }
    return try rule(&self)
  }

  /// Runs a rule as if no bar were open.
  mutating func unbarred<Result>(
    _ rule: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let saved = (openBars, endsAtBar, closesOutward, colonDivides)
    (openBars, endsAtBar, closesOutward, colonDivides) = (0, false, false, false)
    defer { (openBars, endsAtBar, closesOutward, colonDivides) = saved }
    return try rule(&self)
  }
}
