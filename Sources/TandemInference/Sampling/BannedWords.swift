/// Words that a vocabulary can be kept from writing, however it spells them.
///
/// Every token is forbidden that would complete one of the words: a word that is one token is not drawn at all, and of one that
/// is several tokens the last is not, as `bad_words_ids` of Hugging Face's `generate` has it. Upper and lower case of ASCII
/// are alike. A word begins at the beginning of the text, or after something that is not a letter; it is complete if
/// nothing in its last token continues it, so that "But" is forbidden even if "ter" would follow.
package struct BannedWords: Sendable {
  private let tokenizer: any Tokenizer
  private let words: [[UInt8]]
  /// By word, and by how many of its bytes are there already: the tokens that complete it.
  private let completing: [[[Token]]]
  /// The tokens that hold a word whole behind something else.
  private let holding: [Token]
  private let longest: Int

  /// Reads the whole vocabulary once.
  package init(_ words: [String], in tokenizer: any Tokenizer) {
    let words = words.map { Self.lowercased(Array($0.utf8)) }.filter { !$0.isEmpty }
    var completing = words.map { [[Token]](repeating: [], count: $0.count) }
    var holding: [Token] = []
    for number in 0..<Int32(tokenizer.vocabulary.size) {
      let token = Token(rawValue: number)
      let bytes = Self.lowercased(tokenizer.bytes(of: token))
      guard !bytes.isEmpty else { continue }
      for (index, word) in words.enumerated() {
        for known in word.indices where Self.holds(bytes, word[known...], at: 0) {
          completing[index][known].append(token)
        }
      }
      let isHolding = bytes.indices.dropFirst().contains { place in
        !Self.isLetter(bytes[place - 1]) && words.contains { Self.holds(bytes, $0[...], at: place) }
      }
      if isHolding { holding.append(token) }
    }
    (self.tokenizer, self.words, self.completing, self.holding) = (tokenizer, words, completing, holding)
    longest = words.map(\.count).max() ?? 0
  }

  /// Forbids the words in what follows the first `start` tokens of the sequence.
  package func processor(after start: Int) -> some LogitProcessor { Ban(words: self, start: start) }

  /// The tokens that would complete a word after this text.
  fileprivate func tokens(after text: [UInt8]) -> [Token] {
    var found = holding
    for (word, completing) in zip(words, completing) {
      for known in word.indices where text.count >= known && text.suffix(known).elementsEqual(word[..<known]) {
        let isBeginning = text.count == known || !Self.isLetter(text[text.count - known - 1])
        if isBeginning { found += completing[known] }
      }
    }
    return found
  }

  /// The end of the text of `tokens`, as much of it as can matter.
  fileprivate func text(of tokens: ArraySlice<Token>) -> [UInt8] {
    var (pieces, count) = ([[UInt8]](), 0)
    for token in tokens.reversed() where count <= longest {
      pieces.append(tokenizer.bytes(of: token))
      count += pieces.last?.count ?? 0
    }
    return Self.lowercased(pieces.reversed().flatMap(\.self))
  }

  private static func lowercased(_ bytes: [UInt8]) -> [UInt8] { bytes.map { 65...90 ~= $0 ? $0 + 32 : $0 } }

  /// Of lower-case bytes; those of other scripts count as letters.
  private static func isLetter(_ byte: UInt8) -> Bool { 97...122 ~= byte || byte > 127 }

  /// Whether `word` stands in `bytes` at `place`, and no letter follows it there.
  private static func holds(_ bytes: [UInt8], _ word: ArraySlice<UInt8>, at place: Int) -> Bool {
    let end = place + word.count
    return end <= bytes.count && bytes[place..<end].elementsEqual(word) && (end == bytes.count || !isLetter(bytes[end]))
  }
}

private struct Ban: LogitProcessor {
  let words: BannedWords
  let start: Int

  func process(_ logits: inout MutableSpan<Float>, after tokens: [Token]) {
    TokenBan(words.tokens(after: words.text(of: tokens.dropFirst(start)))).process(&logits, after: tokens)
  }
}
