@testable import MathEquivalence

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A pair of answers, for tests with many of them.
struct Pair: Sendable, CustomStringConvertible {
  let first: String
  let second: String
  var description: String { "\(first)  ~  \(second)" }

  init(_ first: String, _ second: String) {
    self.first = first
    self.second = second
  }
}

/// Whether the two are graded equal, whichever of them is the gold answer.
func areEqual(_ pair: Pair) -> Bool {
  Grader().grade(pair.first, against: pair.second).isCorrect
    && Grader().grade(pair.second, against: pair.first).isCorrect
}

/// Whether the two are graded different, whichever of them is the gold answer.
func areDifferent(_ pair: Pair) -> Bool {
  !Grader().grade(pair.first, against: pair.second).isCorrect
    && !Grader().grade(pair.second, against: pair.first).isCorrect
}

/// The processor time of this thread that the work takes: what else the machine does is not counted.
func processorSeconds(of work: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let start = now()
  work()
  return now() - start
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Makes random expressions of bounded size.
struct ExpressionGenerator {
  var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  mutating func answer() -> Expression {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .tuple([value(depth: 2), value(depth: 2)])
    case 1: .list([value(depth: 2), value(depth: 2), value(depth: 1)])
    case 2: .set([value(depth: 1), value(depth: 1)])
    case 3: .interval(value(depth: 0), .infinity, closed: .init(lower: true, upper: false))
    default: value(depth: 3)
    }
  }

  mutating func value(depth: Int) -> Expression {
    if depth == 0 { return leaf() }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return .sum([value(depth: depth - 1), value(depth: depth - 1)])
    case 1: return .product([value(depth: depth - 1), value(depth: depth - 1)])
    case 2: return .power(value(depth: depth - 1), .int(Int.random(in: 2...3, using: &random)))
    case 3: return .quotient(value(depth: depth - 1), .int(Int.random(in: 2...9, using: &random)))
    case 4: return .power(.int(Int.random(in: 2...30, using: &random)), .quotient(.one, .int(2)))
    case 5:
      return .function(["sin", "cos", "ln", "abs"].randomElement(using: &random) ?? "sin", [value(depth: depth - 1)])
    default: return leaf()
    }
  }

  private mutating func leaf() -> Expression {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: .symbol(["x", "y", "n", "α"].randomElement(using: &random) ?? "x")
    case 1: .pi
    case 2: .decimal(Rational.fraction(Int.random(in: 1...9999, using: &random), 100), places: 2)
    default: .int(Int.random(in: -50...50, using: &random))
    }
  }
}
