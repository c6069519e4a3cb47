/// Finds the answer in a model's whole output, by one policy or by several in order.
///
///     AnswerExtraction.boxed.answer(in: #"… so $x = \boxed{7}$."#)  // "7"
public enum AnswerExtraction: String, Sendable, CaseIterable {
  /// The last well-formed `\boxed{}`, with the ones joined to it: `\boxed{1}` and `\boxed{2}`.
  case boxed
  /// What follows the last `####`.
  case hashes
  /// What follows the last "answer is", "answer:" or "A:".
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
    case .hashes: AnchoredAnswers.afterHashes(in: output)
    case .answerIs: AnchoredAnswers.afterPhrase(in: output)
    case .lastFormula: Formulas.last(in: output)
    case .lastNumber: LastNumber.last(in: output)
    }
  }

  /// The answer the first of the policies to find one finds, after the thinking; nil when the thinking is cut off.
  public static func answer(in output: String, policies: [AnswerExtraction] = standard) -> String? {
    guard let phase = answerPhase(of: output) else { return nil }
    for policy in policies {
      if let answer = policy.answer(in: phase) { return answer }
    }
    return nil
  }

  /// The end of the output after its thinking and before what a model writes on after its turn; nil when the thinking never ends.
  static func answerPhase(of output: String) -> String? {
    var bytes = Substring(output)
    if let end = bytes.utf8.lastRange(of: "</think>") {
      bytes = bytes[end.upperBound...]
    } else if bytes.utf8.lastRange(of: "<think>") != nil {
      return nil
    }
    for marker in ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>"] {
      if let range = bytes.utf8.firstRange(of: marker) { bytes = bytes[..<range.lowerBound] }
    }
    // An answer stands at the end: what lies far before it is not searched.
    return bytes.utf8.count > tail ? String(decoding: bytes.utf8.suffix(tail), as: UTF8.self) : String(bytes)
  }

  private static let tail = 131_072
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
