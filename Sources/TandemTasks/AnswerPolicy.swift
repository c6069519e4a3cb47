import MathEquivalence

/// How the answer is found in what a model wrote after its thinking.
public enum AnswerPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// The last `\boxed{}`, `####`, "answer is", formula or number, whichever of these is found first in this order.
  case standard
  /// The last `\boxed{}`, else "answer is", else the last number: the graders of Speculative Thinking, and of SCoT on
  /// GSM8K, MATH and OlympiadBench.
  case paper
  /// The last `\boxed{}` and nothing else.
  case boxed
  /// The letter at the beginning of the last `\boxed{}`, else of what "answer is" announces, else the last A, B, C or D
  /// that stands alone: Speculative Thinking's GPQA.
  case letter
  /// All of it.
  case whole

  /// Throws `unknownName` with the nearest there is.
  public static func named(_ name: String) throws(TaskError) -> Self {
    guard let policy = Self(rawValue: name) else {
      throw .unknownName(kind: "answer extraction", name: name, known: allCases.map(\.rawValue))
    }
    return policy
  }

  /// The answer; nil where there is none.
  public func answer(in output: String) -> String? {
    switch self {
    case .standard: AnswerExtraction.answer(in: output)
    case .paper: AnswerExtraction.answer(in: output, policies: [.boxed, .answerIs, .lastNumber])
    case .boxed: AnswerExtraction.answer(in: output, policies: [.boxed])
    case .letter: letter(in: output)
    case .whole: output.allSatisfy(\.isWhitespace) ? nil : output
    }
  }

  private func letter(in output: String) -> String? {
    let boxed = AnswerExtraction.answer(in: output, policies: [.boxed])
    let announced = AnswerExtraction.answer(in: output, policies: [.answerIs])
    for text in [boxed, announced].compactMap(\.self) {
      let bare = text.replacing(/\\[a-z]+\s*/, with: "")
      if let match = bare.prefixMatch(of: /[^A-Za-z]*(?:[Oo]ption|[Cc]hoice)?[^A-Za-z]*([A-D])(?![A-Za-z])/) {
        return String(match.1)
      }
    }
    return [boxed, output].lazy.compactMap { $0?.matches(of: /(?:^|[^A-Za-z])([A-D])(?![A-Za-z])/).last }.first
      .map { String($0.1) }
  }
}
