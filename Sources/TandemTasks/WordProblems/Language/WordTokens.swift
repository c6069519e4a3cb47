/// The words, numbers and signs of a text; "Tom's" is two of them.
struct WordTokens: Sendable, Hashable {
  let tokens: [String]

  init(_ text: some StringProtocol) {
    var (tokens, word) = ([String](), "")
    func endWord() {
      if !word.isEmpty { tokens.append(word) }
      word = ""
    }
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else if character == "'", rest.first == "s" {
        endWord()
        tokens.append("'s")
        rest.removeFirst()
      } else {
        endWord()
        if !character.isWhitespace { tokens.append(String(character)) }
      }
    }
    endWord()
    self.tokens = tokens
  }

  /// The sentences of a text, each with its full stop or question mark.
  static func sentences(of text: String) -> [String] {
    var (sentences, sentence) = ([String](), "")
    for character in text {
      if sentence.isEmpty && character.isWhitespace { continue }
      sentence.append(character)
      if character == "." || character == "?" {
        sentences.append(sentence)
        sentence = ""
      }
    }
    if !sentence.isEmpty { sentences.append(sentence) }
    return sentences
  }
}

extension String {
  /// With a capital letter at the beginning, as sentences have it.
  var capitalisedAtStart: String { prefix(1).uppercased() + dropFirst() }
}
