/// Whether an answer is right, and the evidence.
///
///     let verdict = Grader().grade("0.5", against: #"\frac{1}{2}"#)
///     verdict.isCorrect  // true
///     verdict.reason     // equal exactly
public struct Verdict: Sendable, Equatable {
  /// Why the prediction is right or wrong.
  public let reason: Reason
  /// The part of the prediction that was graded as its answer; nil if none was found.
  public let prediction: String?

  /// True when the prediction and the gold answer say the same.
  public var isCorrect: Bool {
    switch reason {
    case .equal: true
    case .different, .unparsable, .unreadableGold, .noAnswer, .truncated: false
    }
  }

  /// Why the verdict is what it is.
  public enum Reason: Sendable, Equatable {
    /// The prediction and the gold answer are equal.
    case equal(Evidence)
    /// The prediction differs from the gold answer.
    case different(Difference)
    /// The prediction could not be read, or was too large to.
    case unparsable
    /// The gold answer could not be read: an error of the task, which says nothing about the prediction.
    case unreadableGold
    /// The output holds no answer.
    case noAnswer
    /// The thinking was cut off before an answer was given.
    case truncated
  }

  /// What shows two answers to be equal, the strongest first.
  public enum Evidence: Sendable, Equatable {
    /// Both are written the same, up to spaces and typesetting.
    case sameText
    /// Both have the same normal form.
    case normalForm
    /// Exact arithmetic on rationals and roots gives the same value.
    case exactly
    /// Evaluation agrees within the error bounds at this many random points.
    case numerically(points: Int)
    /// One is a decimal that the other one rounds to.
    case rounded(places: Int)
    /// Both are words that say the same.
    case words
  }

  /// How two answers differ.
  public enum Difference: Sendable, Equatable {
    /// Two values are unequal.
    case values
    /// One has another number of members, or another shape (a tuple against an interval).
    case shape
    /// A member of one answer has no equal in the other.
    case members
    /// The words say different things.
    case words
  }
}

extension Verdict.Evidence {
  /// The order of trust, used when a list's members are equal for different reasons.
  var weakness: Int {
    switch self {
    case .sameText: 0
    case .normalForm: 1
    case .exactly: 2
    case .numerically: 3
    case .rounded: 4
    case .words: 5
    }
  }

  /// The weaker of two reasons: what a chain of equalities is worth.
  static func weaker(_ a: Self, _ b: Self) -> Self { a.weakness >= b.weakness ? a : b }
}

extension Verdict: CustomStringConvertible {
  /// The reason in a few words, for reports.
  public var description: String {
    switch reason {
    case .equal(.sameText): "equal: the same text"
    case .equal(.normalForm): "equal: the same normal form"
    case .equal(.exactly): "equal: exactly the same value"
    case .equal(.numerically(let points)): "equal: the same value at \(points) point\(points == 1 ? "" : "s")"
    case .equal(.rounded(let places)): "equal: rounded to \(places) decimal place\(places == 1 ? "" : "s")"
    case .equal(.words): "equal: the same words"
    case .different(.values): "different values"
    case .different(.shape): "different shapes"
    case .different(.members): "different members"
    case .different(.words): "different words"
    case .unparsable: "unparsable"
    case .unreadableGold: "no verdict: the gold answer cannot be read"
    case .noAnswer: "no answer"
    case .truncated: "no answer: the thinking was cut off"
    }
  }
}
