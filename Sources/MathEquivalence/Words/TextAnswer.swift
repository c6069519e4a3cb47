/// An answer in words, reduced to what it says: lower case, no punctuation, no articles, but signs of operation.
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
    let characters = Array(text.unicodeScalars)
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      if character.properties.isAlphabetic || character.isDigit {
        word.unicodeScalars.append(character)
      } else if character == "-", word.isEmpty, next.isDigit, words.last.map({ !Self.operators.contains($0) }) ?? true {
        // A minus sign is part of its number.
        word = "-"
      } else if Self.operators.contains(String(character)), character != "-" || !next.properties.isAlphabetic {
        close()
        words.append(String(character))
      } else if character == "'" || character == "’" {
        continue
      } else {
        close()
        isCommand = character == "\\"
      }
    }
    close()
    let kept = words.filter { !["the", "a", "an"].contains($0) }
    self.words = kept.isEmpty ? words : kept
  }

  private static let operators: Set<String> = ["+", "-", "*", "/", "^", "=", "<", ">", "≤", "≥", "≠", "!"]

  /// Whether both say the same: the same words, or one is the key phrase of the other's sentence.
  func says(_ other: TextAnswer) -> Bool {
    if meaning == other.meaning { return !words.isEmpty }
    if let short = yesOrNo, short == other.yesOrNo, words.count == 1 || other.words.count == 1 { return true }
    if let date, date == other.date { return true }
    return isKeyPhrase(of: other) || other.isKeyPhrase(of: self)
  }

  /// The words without those that only stress, and with abbreviations written out.
  private var meaning: [String] {
    if words == ["dne"] { return ["does", "not", "exist"] }
    if words.suffix(2) == ["not", "possible"] { return words.dropLast(2) + ["impossible"] }
    let kept = words.drop { ["all", "only", "every", "any", "just"].contains($0) }
    return kept.isEmpty ? words : Array(kept)
  }

  /// The "yes" or "no" an answer begins with, if it does not take it back.
  private var yesOrNo: String? {
    guard let first = words.first, first == "yes" || first == "no" else { return nil }
    let retractions: Set<String> = first == "yes" ? ["no", "not"] : ["yes"]
    return retractions.isDisjoint(with: words.dropFirst()) ? first : nil
  }

  /// The day, month and year, in any order; nil when it is no date.
  private var date: Set<String>? {
    guard words.count > 1, words.contains(where: Self.months.contains) else { return nil }
    let parts = words.filter { $0 != "of" && $0 != "on" }.map { word in
      let number = word.prefix(while: \.isNumber)
      return ["st", "nd", "rd", "th"].contains(word.dropFirst(number.count)) ? String(number) : word
    }
    return parts.allSatisfy({ Self.months.contains($0) || $0.allSatisfy(\.isNumber) }) ? Set(parts) : nil
  }

  private static let months: Set<String> = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  /// A short phrase that stands word for word in a sentence, with words around it that deny nothing.
  ///
  /// The sentence is at least three words longer, or two if it is a statement, or adds nothing but filler.
  private func isKeyPhrase(of sentence: TextAnswer) -> Bool {
    let added = sentence.words.count - words.count
    guard (1...4).contains(words.count), added > 0,
      words.contains(where: { $0.count >= 3 && $0.allSatisfy(\.isLetter) }),
      let start = (0...added).first(where: { sentence.words[$0..<$0 + words.count].elementsEqual(words) })
    else { return false }
    let rest = sentence.words[..<start] + sentence.words[(start + words.count)...]
    guard Self.denials.isDisjoint(with: rest) else { return false }
    let isStatement = rest.contains("is") || rest.contains("are")
    return added >= (isStatement ? 2 : 3) || rest.allSatisfy(Self.fillers.contains)
  }

  private static let denials: Set<String> = [
    "not", "no", "never", "neither", "nor", "cannot", "isnt", "doesnt", "if", "than", "or", "and",
    "but", "except", "unless", "without",
  ]

  private static let fillers: Set<String> = [
    "it", "is", "are", "be", "will", "on", "in", "at", "to", "of", "this", "that", "they", "he", "she", "there", "wins",
    "win", "won", "exists", "exist", "answer", "option",
  ]

  /// Words that stand for a value.
  static func value(of text: String) -> Expression? {
    let words = TextAnswer(text).words
    if let number = NumberWords.value(of: words) { return .number(number) }
    if isEmptiness(words) { return .emptySet }
    return switch words.joined(separator: " ") {
    case "infinitely many", "infinity", "infinite", "infinitely many solutions": .infinity
    case "none", "empty set": .emptySet
    case "all real numbers", "all reals", "any real number": .symbol("ℝ")
    default: nil
    }
  }

  /// "There are no real solutions": the empty set.
  private static func isEmptiness(_ words: [String]) -> Bool {
    let statement = words.filter { !["there", "is", "are", "exist", "exists"].contains($0) }
    let nothing: Set<String> = ["solution", "solutions", "root", "roots"]
    return statement.first == "no" && statement.last.map(nothing.contains) == true
      && statement.dropFirst().dropLast().allSatisfy { ["real", "such", "integer"].contains($0) }
  }
}
