/// What the beginning of a sentence announces. Speculative Thinking's App. A.2 calls them the same.
public enum Cue: String, Sendable, Hashable, Codable, CaseIterable {
  case affirmation, reflection, statement
}

/// The words that tell reflection from affirmation (arXiv:2504.12329, App. A.2).
public struct CueWords: Sendable, Hashable, Codable {
  public var affirmation: [String]
  public var reflection: [String]
  public var verification: [String]
  public var matching: Matching

  /// How a word is looked for.
  public enum Matching: String, Sendable, Codable, CaseIterable {
    /// Anywhere, as the released code does: "check" is found in "checkerboard" and "yes" in "eyes".
    case substring
    /// As whole words.
    case word
  }

  /// The lists of the paper.
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
  /// How often `needle` occurs, without overlaps.
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
