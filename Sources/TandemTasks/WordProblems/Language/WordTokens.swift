/// The words, numbers and signs of a text; "Tom's" is two of them.
struct WordTokens: Sendable, Hashable {
  let tokens: [String]

  init(_ text: some StringProtocol) {
    var (tokens, word) = ([String](), [UInt8]())
    func endWord() {
      if !word.isEmpty { tokens.append(String(decoding: word, as: UTF8.self)) }
      word.removeAll(keepingCapacity: true)
    }
    // Bytes, because characters take several times as long. Signs of other languages are words of no template.
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "s") where word == [UInt8(ascii: "'")]:
        word.append(byte)
        endWord()
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), 128...:
        word.append(byte)
      default:
        endWord()
        if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") { continue }
        word.append(byte)
        if byte != UInt8(ascii: "'") { endWord() }
      }
    }
    endWord()
    self.tokens = tokens
  }

  /// The sentences of a text, each with its full stop or question mark, and what a line ends with otherwise.
  static func sentences(of text: String) -> [String] {
    var (sentences, sentence) = ([String](), [UInt8]())
    for byte in text.utf8 {
      let endsLine = byte == UInt8(ascii: "\n")
      if sentence.isEmpty && (byte == UInt8(ascii: " ") || endsLine) { continue }
      if !endsLine { sentence.append(byte) }
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "?") || endsLine {
        sentences.append(String(decoding: sentence, as: UTF8.self))
        sentence.removeAll(keepingCapacity: true)
      }
    }
    if !sentence.isEmpty { sentences.append(String(decoding: sentence, as: UTF8.self)) }
    return sentences
  }
}

extension String {
  /// With a capital letter at the beginning, as sentences have it.
  var capitalisedAtStart: String { prefix(1).uppercased() + dropFirst() }
}
