package import Tandem

/// Countdown: make a target from some numbers, each used once, with + − × and exact ÷.
///
/// The task of the built-in nano pair: an answer can be checked by a program, whatever way it was found.
package struct Countdown: Sendable, Hashable, Codable {
  package let numbers: [Int]
  package let target: Int

  package init(numbers: [Int], target: Int) {
    self.numbers = numbers
    self.target = target
  }

  /// The question as the nano models know it.
  package var question: String { "Use \(numbers.spelled) to make \(target)." }

  /// The problem that `question` poses, with or without a wish for effort after it; nil for any other text.
  package init?(question: String) {
    guard let body = question.trimmed.dropping(prefix: "Use ") else { return nil }
    let parts = body.split(separator: " to make ")
    guard parts.count == 2, let numbers = [Int](spelled: parts[0]) else { return nil }
    let endings = CountdownEffort.allCases.map { " " + $0.sentence } + [""]
    guard let ending = endings.first(where: { parts[1].hasSuffix("." + $0) }), !numbers.isEmpty,
      let target = Int(parts[1].dropLast(1 + ending.count))
    else { return nil }
    self.init(numbers: numbers, target: target)
  }

  /// The problem as one word: "8-5-2=24".
  package var id: String { numbers.map(String.init).joined(separator: "-") + "=\(target)" }

  /// The problem of that id; nil for anything else.
  package init?(id: String) {
    let sides = id.split(separator: "=", omittingEmptySubsequences: false)
    let numbers = sides[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let target = Int(sides[1]), !numbers.contains(nil) else { return nil }
    self.init(numbers: numbers.compactMap(\.self), target: target)
  }

  /// The same for problems that differ only in the order of their numbers.
  package var orderlessKey: [Int] { numbers.sorted() + [target] }

  package var problem: Problem { Problem(id: id, question: question) }

  /// Whether `answer` is a derivation of the target: "Answer: 5 + 3 = 8, 8 * 3 = 24."
  package func isSolved(by answer: String) -> Bool {
    Self.steps(of: answer).map(isDerived(by:)) ?? false
  }

  /// Whether each step takes two numbers that are there, computes them rightly and puts the result in their place, and
  /// only the target is left in the end.
  func isDerived(by steps: [CountdownStep]) -> Bool {
    var state = CountdownState(numbers)
    for step in steps {
      guard step.isRight, let next = state.applying(step) else { return false }
      state = next
    }
    return state.numbers == [target]
  }

  /// The steps after "Answer:"; nil if it is missing, or if anything else stands among them.
  private static func steps(of answer: String) -> [CountdownStep]? {
    guard let body = answer.trimmed.dropping(prefix: "Answer:") else { return nil }
    let line = body.hasSuffix(".") ? body.dropLast() : body
    var steps: [CountdownStep] = []
    for part in line.split(separator: ",", omittingEmptySubsequences: false) {
      guard let step = CountdownStep(part) else { return nil }
      steps.append(step)
    }
    return steps
  }
}

/// How much thinking a question asks for, in a sentence after it.
package enum CountdownEffort: String, Sendable, Hashable, Codable, CaseIterable {
  case low, medium, high

  package var sentence: String { "Effort: \(rawValue)." }
}
