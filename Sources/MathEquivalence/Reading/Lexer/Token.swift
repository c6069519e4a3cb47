/// The smallest piece of an answer that means something.
struct Token: Equatable, Sendable {
  var kind: Kind
  /// Whether a space stood before it: `1 1/2` is a mixed number, `11/2` is not.
  var spaced: Bool

  enum Kind: Equatable, Sendable {
    case number(WrittenNumber)
    /// One variable or constant: `x`, `α`, `π`.
    case letter(String)
    /// Natural language, a unit, a name.
    case word(String)
    /// A named function: `sin`, `log`, `max`.
    case function(String)
    /// A LaTeX command with arguments of its own: `frac`, `sqrt`, `sum`.
    case command(String)
    /// An operator, a bracket or a separator, all spellings of it brought to one.
    case mark(String)
    case end
  }
}

/// A number as it was written.
struct WrittenNumber: Equatable, Sendable {
  var whole: String
  var fraction: String?
  /// The digits that repeat for ever: the 3 of `0.\overline{3}`.
  var repeating: String?
  var exponent: Int?

  var isPlainInteger: Bool { fraction == nil && repeating == nil && exponent == nil }
}

/// How a comma between digits is read. The comparison tries each reading.
enum CommaReading: Sendable {
  /// `1,234` is one thousand two hundred and thirty-four.
  case thousands
  /// `1,234` is a list of two numbers.
  case separator
  /// `1,22` is one and twenty-two hundredths.
  case decimal
}
