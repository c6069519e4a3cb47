/// How much work one verdict may cost. A pair that needs more is unparsable, never slow.
struct Limits: Sendable {
  /// Answers longer than this are compared as text only.
  var characters = 6_000
  var tokens = 1_500
  /// Brackets inside brackets.
  var depth = 48
  /// Bits of an exact number's numerator and denominator together.
  var bits = 4_096
  /// Terms of an expanded sum.
  var terms = 160
  /// Characters of the name that a whole expression gets as one factor.
  var name = 1_000
  /// Elementary steps of exact and numeric arithmetic.
  var steps = 24_000
  /// The share of the steps that one normal form may take.
  var stepsOfNormalForm = 6_000

  static let standard = Limits()
}

/// Thrown when the budget of one verdict is spent.
struct Exhausted: Error {}

/// Counts the steps of one verdict.
final class Budget {
  let limits: Limits
  private var left: Int
  private var reserved = 0

  init(_ limits: Limits = .standard) {
    self.limits = limits
    left = limits.steps
  }

  /// Takes `steps` off the budget, and throws when nothing is left.
  func spend(_ steps: Int = 1) throws(Exhausted) {
    left -= steps
    if left < reserved { throw Exhausted() }
  }

  /// The factor that stands for a whole expression no rule opens; names inside names would grow without end.
  func atom(named name: String) throws(Exhausted) -> Atom {
    let length = name.utf8.count
    try spend(length / 8)
    guard length <= limits.name else { throw Exhausted() }
    return .opaque(name)
  }

  /// Runs work that may fail for want of steps and yet leave enough for other ways; nil when it does.
  func attempt<Result>(steps: Int, _ work: () throws(Exhausted) -> Result) -> Result? {
    let saved = reserved
    reserved = max(reserved, left - steps)
    defer { reserved = saved }
    return try? work()
  }
}
