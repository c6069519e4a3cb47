/// An answer in words, reduced to what it says: lower case, no punctuation, no articles.
struct TextAnswer: Equatable {
  let words: [String]

  init(_ text: String) {
    var words: [String] = []
    var word = ""
    var isCommand = false
    func close() {
      if !word.isEmpty, word != "-", !isCommand || !Lexer.isKnownCommand(word) { words.append(word.lowercased()) }
      word = ""
      isCommand = false
    }
    for character in text.unicodeScalars {
      if character.properties.isAlphabetic || character.isDigit {
        word.unicodeScalars.append(character)
      } else if character == "-", word.isEmpty {
        // A minus sign is part of its number.
        word = "-"
      } else if character == "'" || character == "’" {
        continue
      } else {
        close()
        isCommand = character == "\\"
      }
    }
    close()
    words = words.map { $0.hasPrefix("-") && !$0.dropFirst().allSatisfy(\.isNumber) ? String($0.dropFirst()) : $0 }
    let kept = words.filter { !["the", "a", "an"].contains($0) }
    self.words = kept.isEmpty ? words : kept
  }

  /// Whether both say the same: the same words, or one is the key phrase of the other's sentence.
  func says(_ other: TextAnswer) -> Bool {
    if meaning == other.meaning { return !words.isEmpty }
    if let short = yesOrNo, short == other.yesOrNo, words.count == 1 || other.words.count == 1 { return true }
    return isKeyPhrase(of: other) || other.isKeyPhrase(of: self)
  }

  /// The words without those that only stress, and with abbreviations written out.
  private var meaning: [String] {
    if words == ["dne"] { return ["does", "not", "exist"] }
    let kept = words.drop { ["all", "only", "every", "any", "just"].contains($0) }
    return kept.isEmpty ? words : Array(kept)
  }

  /// The "yes" or "no" an answer begins with, if it does not take it back.
  private var yesOrNo: String? {
    guard let first = words.first, first == "yes" || first == "no" else { return nil }
    return words.dropFirst().contains { $0 == "yes" || $0 == "no" || $0 == "not" } ? nil : first
  }

  /// A short phrase that stands word for word in a sentence at least three words longer, which denies nothing.
  private func isKeyPhrase(of sentence: TextAnswer) -> Bool {
    let isStatement = sentence.words.contains("is") || sentence.words.contains("are")
    guard (1...4).contains(words.count), sentence.words.count >= words.count + (isStatement ? 2 : 3),
      words.joined().count >= 3, !words.allSatisfy({ $0.allSatisfy(\.isNumber) })
    else { return false }
    let denials: Set<String> = ["not", "no", "never", "neither", "nor", "cannot", "isnt", "doesnt", "if", "than", "or"]
    guard denials.isDisjoint(with: sentence.words) else { return false }
    let lastStart = sentence.words.count - words.count
    return (0...lastStart).contains { sentence.words[$0..<$0 + words.count].elementsEqual(words) }
  }

  /// Words that stand for a value.
  static func value(of text: String) -> Expression? {
    switch TextAnswer(text).words.joined(separator: " ") {
    case "infinitely many", "infinity", "infinite", "infinitely many solutions": .infinity
    case "no solution", "no solutions", "none", "empty set", "no real solutions", "no real solution": .emptySet
    case "zero": .zero
    case "one": .one
    case "two": .int(2)
    case "three": .int(3)
    case "four": .int(4)
    case "five": .int(5)
    case "six": .int(6)
    case "seven": .int(7)
    case "eight": .int(8)
    case "nine": .int(9)
    case "ten": .int(10)
    case "all real numbers", "all reals": .symbol("ℝ")
    default: nil
    }
  }
}
