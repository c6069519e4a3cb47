import Tandem

/// A question whose answer is known.
package struct Exercise: Sendable, Hashable {
  /// What tells it from all others of its benchmark.
  package var id: String
  package var question: String
  package var gold: Gold
  /// As the benchmark sorts its problems; nil if it does not.
  package var subject: String?
  package var level: String?

  package init(id: String, question: String, gold: Gold, subject: String? = nil, level: String? = nil) {
    self.id = id
    self.question = question
    self.gold = gold
    self.subject = subject
    self.level = level
  }

  /// One problem of Countdown, graded step by step.
  init(countdown: Countdown) {
    self.init(id: countdown.problem.id, question: countdown.question, gold: .derivation(countdown))
  }
}

extension Exercise {
  /// A word problem, sorted by the side of the split that it is on and by the number of its calculations.
  init(wordProblem problem: WordProblem) {
    self.init(
      id: problem.id, question: problem.question, gold: problem.gold, subject: WordSplit(problem)?.rawValue,
      level: String(WordSolver(problem).steps))
  }
}

extension WordProblem {
  /// The number that is right; that something is missing, if none follows from the story.
  package var gold: Gold {
    guard let answer = WordSolver(self).answer else { return .missing(.mathematics(Gold.Mathematics([]))) }
    return .mathematics(Gold.Mathematics([String(answer)]))
  }
}

/// What a right answer is.
package enum Gold: Sendable, Hashable {
  /// Mathematics: any one of these is right.
  case mathematics(Mathematics)
  /// The letter of the right option.
  case letter(Character)
  /// A derivation, checked step by step.
  case derivation(Countdown)
  /// None: something that is needed was left out of the question, which had this answer before.
  indirect case missing(Gold)

  /// An answer, with what its benchmark says of it.
  package struct Mathematics: Sendable, Hashable {
    /// At least one; more only if each of them is right.
    package var answers: [String]
    /// The unit of a bare number; a prediction may name it or not.
    package var unit: String?
    /// How far a number may be off, if the benchmark says so.
    package var tolerance: Double?

    package init(_ answers: [String], unit: String? = nil, tolerance: Double? = nil) {
      self.answers = answers
      self.unit = unit
      self.tolerance = tolerance
    }
  }
}

extension Gold: CustomStringConvertible {
  /// The answer as records show it.
  package var description: String {
    switch self {
    case .mathematics(let gold): gold.answers.joined(separator: " or ")
    case .letter(let letter): String(letter)
    case .derivation(let task): String(task.target)
    case .missing(let original): "none (\(original) before)"
    }
  }
}
