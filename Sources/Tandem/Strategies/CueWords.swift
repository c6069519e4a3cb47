/// What the beginning of a sentence announces, as in Speculative Thinking's App. A.2.
public enum Cue: String, Sendable, Hashable, Codable, CaseIterable {
  /// What was written is right.
  case affirmation
  /// What was written may be wrong.
  case reflection
  /// Neither.
  case statement
}

/// The words that tell reflection from affirmation (arXiv:2504.12329, App. A.2).
public struct CueWords: Sendable, Hashable, Codable {
  /// The words that affirm.
  public var affirmation: [String]
  /// The words that reflect.
  public var reflection: [String]
  /// The words that announce a check; they count as reflection too.
  public var verification: [String]
  /// How a word is found in a text.
  public var matching: Matching

  /// How a word is found in a text.
  public enum Matching: String, Sendable, SettingChoice {
    /// Anywhere, as in the released code: "check" is found in "checkerboard" and "yes" in "eyes".
    case substring
    /// As whole words.
    case word
  }

  /// The paper's lists.
  public static let paper = Self(
    affirmation: ["yeah", "yes", "final answer", "confident"],
    reflection: ["wait", "alternatively", "hold on", "another"],
    verification: ["verify", "think again", "recap", "check"], matching: .substring)

  /// The majority of cues in `text`; a tie that isn't 0 : 0 is reflection.
  public func cue(of text: String) -> Cue {
    let text = text.lowercased()
    let affirmations = count(affirmation, in: text)
    let reflections = count(reflection + verification, in: text)
    if affirmations > reflections { return .affirmation }
    return reflections > 0 ? .reflection : .statement
  }

  /// Whether `text` announces a check.
  public func asksToVerify(_ text: String) -> Bool { count(verification, in: text.lowercased()) > 0 }

  private func count(_ words: [String], in text: String) -> Int {
    words.reduce(0) { $0 + text.occurrences(of: $1.lowercased(), asWord: matching == .word) }
  }
}

extension String {
  /// The number of times that `needle` occurs, without overlaps.
  fileprivate func occurrences(of needle: String, asWord: Bool) -> Int {
    guard !needle.isEmpty else { return 0 }
    var (count, rest, before) = (0, self[...], Character?.none)
    while !rest.isEmpty {
      let end = rest.hasPrefix(needle) ? rest.index(rest.startIndex, offsetBy: needle.count) : nil
      if let end, !asWord || (!before.isPartOfWord && !rest[end...].first.isPartOfWord) {
        count += 1
        before = needle.last
        rest = rest[end...]
      } else {
        before = rest.removeFirst()
      }
    }
    return count
  }
}

extension Character? {
  fileprivate var isPartOfWord: Bool { self.map { $0.isLetter || $0.isNumber } ?? false }
}
