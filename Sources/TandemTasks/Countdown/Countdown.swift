public import Tandem

/// Countdown: make a target from some numbers, each used once, with + − × and exact ÷.
///
/// The task of the built-in nano pair: an answer can be checked by a program, whatever way it was found.
public struct Countdown: Sendable, Hashable, Codable {
  public let numbers: [Int]
  public let target: Int

  public init(numbers: [Int], target: Int) {
    self.numbers = numbers
    self.target = target
  }

  /// The question as the nano models know it.
  public var question: String {
    "Use \(numbers.map(String.init).joined(separator: ", ")) to make \(target)."
  }

  public var problem: Problem {
    Problem(id: "\(numbers.map(String.init).joined(separator: "-"))=\(target)", question: question)
  }

  /// Whether `answer` is a derivation of the target: "Answer: 5 + 3 = 8, 8 * 3 = 24."
  ///
  /// Each step takes two numbers that are there, computes them rightly, and puts the result in their place. In the end
  /// only the target may be left.
  public func isSolved(by answer: String) -> Bool {
    guard let steps = Self.steps(of: answer) else { return false }
    var left = numbers
    for step in steps {
      for operand in [step.left, step.right] {
        guard let index = left.firstIndex(of: operand) else { return false }
        left.remove(at: index)
      }
      guard step.isRight else { return false }
      left.append(step.result)
    }
    return left == [target]
  }

  /// One line of arithmetic, as it was claimed.
  struct Step: Hashable {
    let left: Int
    let operation: Substring
    let right: Int
    let result: Int

    var isRight: Bool {
      let (value, overflow) =
        switch operation {
        case "+": left.addingReportingOverflow(right)
        case "-": left.subtractingReportingOverflow(right)
        case "*": left.multipliedReportingOverflow(by: right)
        default: right != 0 && left % right == 0 ? (left / right, false) : (0, true)
        }
      return !overflow && value == result
    }
  }

  /// The steps after "Answer:"; nil where it is missing, or where anything else stands among them.
  private static func steps(of answer: String) -> [Step]? {
    guard let body = answer.trimmed.dropping(prefix: "Answer:")?.trimmed else { return nil }
    let line = body.hasSuffix(".") ? body.dropLast() : body[...]
    var steps: [Step] = []
    for part in line.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: " ")
      guard words.count == 5, words[3] == "=", ["+", "-", "*", "/"].contains(words[1]), let left = Int(words[0]),
        let right = Int(words[2]), let result = Int(words[4])
      else { return nil }
      steps.append(Step(left: left, operation: words[1], right: right, result: result))
    }
    return steps.isEmpty ? nil : steps
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  fileprivate func dropping(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
