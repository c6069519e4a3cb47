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
    /// As whole words. Next to a character of a script without spaces, such as Chinese, any place is between two words.
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
      if let end, !asWord || (needle.isWord(after: before) && needle.isWord(before: rest[end...].first)) {
        count += 1
        before = needle.last
        rest = rest[end...]
      } else {
        before = rest.removeFirst()
      }
    }
    return count
  }

  private func isWord(after character: Character?) -> Bool {
    !character.isPartOfWord || first.isWithoutSpaces
  }

  private func isWord(before character: Character?) -> Bool {
    !character.isPartOfWord || last.isWithoutSpaces
  }
}

extension Character? {
  /// Whether it is part of a word that has spaces around it.
  fileprivate var isPartOfWord: Bool { self.map { $0.isLetter || $0.isNumber } ?? false && !isWithoutSpaces }

  /// Whether its script puts no spaces between words. Korean does.
  fileprivate var isWithoutSpaces: Bool {
    guard let scalar = self?.unicodeScalars.first else { return false }
    return scalar.properties.isIdeographic || Self.unspaced.contains { $0.contains(scalar.value) }
  }

  /// Kana, and the scripts whose lines are broken with a dictionary (Unicode's line breaking class SA).
  private static var unspaced: [ClosedRange<UInt32>] {
    [
      0x0E00...0x0EFF,  // Thai, Lao
      0x1000...0x109F, 0xA9E0...0xA9FF, 0xAA60...0xAA7F,  // Myanmar
      0x1780...0x17FF,  // Khmer
      0x1950...0x19DF, 0x1A20...0x1AAF, 0xAA80...0xAADF,  // Tai Le, New Tai Lue, Tai Tham, Tai Viet
      0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F, 0x1B000...0x1B16F,  // kana
    ]
  }
}
