/// A change of a problem after which a model that reasons does as well as before, and one that repeats does not.
///
/// Math-RoB (arXiv:2503.04550) has four sets of them. Neither its data nor its code was published: the kinds are the
/// paper's, all wording is ours. Its set with other numbers needs problems that can be solved again; Countdown's are made
/// so from the beginning.
package enum Perturbation: String, Sendable, Hashable, CaseIterable, Codable {
  /// Two questions, of which the first is to be answered: whether the place matters.
  case firstOfTwo = "first-of-two"
  /// Two questions, of which the second is to be answered.
  case secondOfTwo = "second-of-two"
  /// An instruction that has nothing to do with the question stands before it.
  case distractor
  /// A sentence with a number is left out. Right is to say that something is missing; to answer as if it were there is
  /// what the paper counts as completed from memory.
  case missingData = "missing-data"
  /// The sentences before the question in another order. Of word problems alone: their sentences hold wherever they stand.
  case reordered

  /// Throws `unknownName` with the nearest there is.
  package static func named(_ name: String) throws(TaskError) -> Self {
    guard let kind = Self(rawValue: name) else {
      throw .unknownName(kind: "perturbation", name: name, known: allCases.map(\.rawValue))
    }
    return kind
  }

  /// The problems that can be changed so, changed; each keeps its id.
  func apply(to exercises: [Exercise]) -> [Exercise] {
    exercises.enumerated().compactMap { index, exercise in
      var changed = exercise
      let other = exercises[(index + 1) % exercises.count].question
      switch self {
      case .firstOfTwo: changed.question = Self.two(exercise.question, other, asked: 1)
      case .secondOfTwo: changed.question = Self.two(other, exercise.question, asked: 2)
      case .distractor: changed.question = Self.distraction + exercise.question
      case .missingData:
        guard let question = Self.withoutData(exercise.question, seed: UInt64(index)) else { return nil }
        (changed.question, changed.gold) = (question, .missing(exercise.gold))
      case .reordered:
        guard let problem = WordProblem(question: exercise.question) else { return nil }
        changed.question = problem.reordered(seed: UInt64(index)).question
      }
      return changed
    }
  }

  private static func two(_ first: String, _ second: String, asked: Int) -> String {
    "Question 1: \(first)\n\nQuestion 2: \(second)\n\nAnswer question \(asked) only."
  }

  private static let distraction =
    "Some people like to note the weather of the day beside their calculations; there is no need to. "

  /// Of a word problem without a sentence that its answer needs.
  private static func withoutData(_ question: String, seed: UInt64) -> String? {
    guard let problem = WordProblem(question: question) else { return withoutANumber(question) }
    return problem.missingData(seed: seed)?.question
  }

  /// Without the first sentence that has a digit, unless it is the last sentence: the question itself.
  private static func withoutANumber(_ question: String) -> String? {
    var (sentences, start) = ([Substring](), question.startIndex)
    for end in question.ranges(of: /[.!?]\s+/) {
      sentences.append(question[start..<end.upperBound])
      start = end.upperBound
    }
    sentences.append(question[start...])
    guard let index = sentences.dropLast().firstIndex(where: { sentence in sentence.contains { $0.isNumber } }) else {
      return nil
    }
    sentences.remove(at: index)
    return sentences.joined()
  }
}

extension Judgement {
  /// The reason of an answer that only the sentence that was left out could have told.
  package static let completedFromMemory = "completed from memory"
}

extension Gold {
  /// What is said of a question that can't be answered. A list of ours, so read a few answers before trusting a figure.
  private static let refusals = [
    "not enough information", "insufficient", "cannot be determined", "can't be determined", "cannot determine",
    "can't determine", "impossible to determine", "not given", "not specified", "not provided", "is missing",
    "missing information", "cannot be answered", "can't be answered",
  ]

  static func judgeMissing(_ output: String, original: Gold, by policy: AnswerPolicy) -> Judgement {
    let text = output.lowercased().replacing("’", with: "'")
    if refusals.contains(where: text.contains) {
      return Judgement(verdict: .correct, reason: "says that something is missing", answer: nil)
    }
    var judgement = original.judge(output, by: policy)
    if judgement.verdict == .correct { judgement.reason = Judgement.completedFromMemory }
    judgement.verdict = judgement.answer == nil ? .unparsable : .wrong
    return judgement
  }
}
