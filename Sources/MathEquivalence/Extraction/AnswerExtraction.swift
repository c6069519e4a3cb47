/// Finds the answer in a model's whole output, by one policy or by several in order.
///
///     AnswerExtraction.boxed.answer(in: #"… so $x = \boxed{7}$."#)  // "7"
public enum AnswerExtraction: String, Sendable, CaseIterable {
  /// The last well-formed `\boxed{}`, with the ones joined to it: `\boxed{1}` and `\boxed{2}`.
  case boxed
  /// What follows the first `####` that is no heading.
  case hashes
  /// What follows the last "answer is", "answer:" or "A:", in several languages, or stands in `<answer>` tags.
  case answerIs
  /// The last formula between dollar signs or other delimiters.
  case lastFormula
  /// The last number.
  case lastNumber

  /// The order in which a whole output is searched.
  public static let standard: [AnswerExtraction] = [.boxed, .hashes, .answerIs, .lastFormula, .lastNumber]

  /// The answer this policy finds.
  public func answer(in output: String) -> String? {
    switch self {
    case .boxed: BoxedAnswers.last(in: output)
    case .hashes: HashedAnswers.first(in: output)
    case .answerIs: AnnouncedAnswers.last(in: output)
    case .lastFormula: Formulas.last(in: output)
    case .lastNumber: LastNumber.last(in: output)
    }
  }

  /// The result of searching a whole output.
  public enum Outcome: Sendable, Equatable {
    /// An answer, and the policy that found it.
    case found(String, by: AnswerExtraction)
    /// No policy found an answer.
    case nothing
    /// The thinking never ends, so it contains no answer.
    case unfinishedThinking
  }

  /// Searches the output after its thinking by each policy in turn, until one finds an answer.
  public static func extract(from output: String, policies: [AnswerExtraction] = standard) -> Outcome {
    guard let phase = Transcript.answerPhase(of: output) else { return .unfinishedThinking }
    if let tagged = Transcript.taggedAnswer(in: phase), let found = search(tagged, policies, isAnswer: true) {
      return found
    }
    let telling = policies.filter { $0 == .boxed || $0 == .hashes || $0 == .answerIs }
    if let turn = Transcript.beforeInventedTurn(phase), let found = search(turn, telling) { return found }
    return search(phase, policies) ?? .nothing
  }

  /// What the policies find; what is an answer already is found by its announcement.
  private static func search(_ text: String, _ policies: [AnswerExtraction], isAnswer: Bool = false) -> Outcome? {
    for policy in policies {
      if isAnswer, policy == .lastFormula || policy == .lastNumber, RawAnswer.isBare(text) {
        return .found(text.trimmed, by: .answerIs)
      }
      if let answer = policy.answer(in: text)?.trimmed, !answer.isEmpty { return .found(answer, by: policy) }
    }
    return nil
  }

  /// The answer that `extract` finds; nil when it finds none, or when the thinking never ends.
  public static func answer(in output: String, policies: [AnswerExtraction] = standard) -> String? {
    if case .found(let answer, _) = extract(from: output, policies: policies) { answer } else { nil }
  }
}

extension String {
  /// Without spaces at its ends.
  fileprivate var trimmed: String {
    let ink = drop(while: \.isBlank)
    return String(ink.prefix(upTo: ink.lastIndex { !$0.isBlank }.map(ink.index(after:)) ?? ink.startIndex))
  }
}

extension Substring.UTF8View {
  /// The last place of an ASCII text.
  func lastRange(of text: String) -> Range<Index>? {
    let pattern = Array(text.utf8)
    guard let last = pattern.last else { return nil }
    var end = endIndex
    while let found = self[..<end].lastIndex(of: last) {
      let stop = index(after: found)
      if let start = index(stop, offsetBy: -pattern.count, limitedBy: startIndex),
        self[start..<stop].elementsEqual(pattern)
      {
        return start..<stop
      }
      end = found
    }
    return nil
  }

  /// The first place of an ASCII text.
  func firstRange(of text: String) -> Range<Index>? {
    let pattern = Array(text.utf8)
    guard let first = pattern.first else { return nil }
    var start = startIndex
    while let found = self[start...].firstIndex(of: first) {
      if let stop = index(found, offsetBy: pattern.count, limitedBy: endIndex),
        self[found..<stop].elementsEqual(pattern)
      {
        return found..<stop
      }
      start = index(after: found)
    }
    return nil
  }
}
