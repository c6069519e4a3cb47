/// A majority vote among answers, compared as text.
///
/// Only a grader can tell that ½ and 0.5 are one answer; the papers' votes do not. Answers of one form, as one prompt
/// asks for, differ in white space and punctuation at most.
public enum Vote {
  /// The part of an answer that is compared: the content of the last `\boxed{}`, else the text after the last "####" or
  /// "Answer:", else the last line; in lower case, without white space, dollar signs and a full stop at the end. Nil if
  /// there is none.
  public static func key(of answer: String) -> String? {
    let marked = boxed(in: answer) ?? ["####", "answer:"].lazy.compactMap { Self.text(after: $0, in: answer) }.first
    let text = marked ?? answer.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    var key = text.lowercased().filter { !$0.isWhitespace && $0 != "$" }
    while key.last == "." { key.removeLast() }
    return key.isEmpty ? nil : key
  }

  /// The index of the first of the most frequent keys; nil if there is no key at all.
  public static func winner(among keys: [String?]) -> Int? {
    let counts = Self.counts(of: keys)
    let most = counts.max() ?? 0
    return most > 0 ? counts.firstIndex(of: most) : nil
  }

  /// For each entry, how many have its key; 0 for those without one.
  public static func counts(of keys: [String?]) -> [Int] {
    keys.map { key in key == nil ? 0 : keys.count { $0 == key } }
  }

  private static func boxed(in answer: String) -> String? {
    guard let start = answer.ranges(of: "\\boxed{").last?.upperBound else { return nil }
    var depth = 1
    for index in answer[start...].indices {
      if answer[index] == "{" { depth += 1 }
      if answer[index] == "}" { depth -= 1 }
      if depth == 0 { return String(answer[start..<index]) }
    }
    return nil
  }

  private static func text(after mark: String, in answer: String) -> String? {
    let answer = answer.lowercased()
    return answer.ranges(of: mark).last.map { String(answer[$0.upperBound...]) }
  }
}
