import MathEquivalence

/// What a benchmark says of an output.
package struct Judgement: Sendable, Hashable {
  package var verdict: Verdict
  /// Why, in a few words.
  package var reason: String
  /// The answer that was extracted; nil if none was found.
  package var answer: String?

  package enum Verdict: String, Sendable, Hashable {
    case correct, wrong
    /// There is no answer, or none that can be compared.
    case unparsable
  }
}

extension Gold {
  /// Judges what a model wrote after its thinking: the answer is found by `policy`, and compared.
  package func judge(_ output: String, by policy: AnswerPolicy) -> Judgement {
    // A refusal need not be an answer that a policy finds.
    if case .missing(let original) = self { return Self.judgeMissing(output, original: original, by: policy) }
    guard let answer = policy.answer(in: output) else {
      return Judgement(verdict: .unparsable, reason: "no answer", answer: nil)
    }
    switch self {
    case .missing: preconditionFailure("judged above")
    case .mathematics(let gold): return gold.judge(answer)
    case .letter(let letter):
      let isRight = answer == String(letter)
      return Judgement(
        verdict: isRight ? .correct : .wrong, reason: isRight ? "same letter" : "other letter", answer: answer)
    case .derivation(let task):
      let isRight = task.isSolved(by: answer)
      return Judgement(
        verdict: isRight ? .correct : .wrong, reason: isRight ? "a derivation of the target" : "no derivation of it",
        answer: answer)
    }
  }
}

extension Gold.Mathematics {
  fileprivate func judge(_ prediction: String) -> Judgement {
    let grader = Grader()
    let references = answers.flatMap { answer in [answer] + (unit.map { [Self.joined(answer, $0)] } ?? []) }
    let verdicts = references.map { grader.grade(prediction, against: $0) }
    if let right = verdicts.first(where: \.isCorrect) {
      return Judgement(verdict: .correct, reason: right.description, answer: prediction)
    }
    if let tolerance, isWithin(tolerance, prediction) {
      return Judgement(verdict: .correct, reason: "within \(tolerance)", answer: prediction)
    }
    let isCompared = verdicts.contains { if case .different = $0.reason { true } else { false } }
    return Judgement(
      verdict: isCompared ? .wrong : .unparsable, reason: verdicts.first?.description ?? "no answer to compare with",
      answer: prediction)
  }

  /// An answer with its unit, as one expression.
  private static func joined(_ answer: String, _ unit: String) -> String {
    let (answer, unit) = (answer.replacing("$", with: ""), unit.replacing("$", with: ""))
    return unit.first.map { "^\\%".contains($0) } == true ? answer + unit : "\(answer)\\text{ \(unit)}"
  }

  /// OlympiadBench's rule for rows with an `error`: an absolute difference (its auto_scoring_judge.py).
  private func isWithin(_ tolerance: Double, _ prediction: String) -> Bool {
    func number(_ text: String) -> Double? { Double(text.filter { !"$\\% ".contains($0) }) }
    guard let value = number(prediction) else { return false }
    return answers.compactMap(number).contains { abs($0 - value) <= tolerance }
  }
}
