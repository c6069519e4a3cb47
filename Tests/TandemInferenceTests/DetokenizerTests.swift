import TandemInference
import TandemTesting
import Testing

@Suite struct `A detokenizer` {
  private func pieces(_ bytes: [UInt8], _ tokenizer: ByteTokenizer = .init()) -> [String] {
    var detokenizer = Detokenizer(tokenizer)
    return bytes.map { detokenizer.append(Token(rawValue: Int32($0))) } + [detokenizer.finish()]
  }

  @Test func `holds characters back until they are complete`() {
    #expect(pieces(Array("é".utf8)) == ["", "é", ""])
    #expect(pieces(Array("€!".utf8)) == ["", "", "€", "!", ""])
    #expect(pieces(Array("😀".utf8)) == ["", "", "", "😀", ""])
  }

  @Test func `gives the text back, however it is cut`() {
    var generator = SplitMix64(seed: 3)
    let alphabet = Array("aé€😀\n 中ё\u{301}")
    for _ in 0..<200 {
      let text = String((0..<12).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] })
      #expect(pieces(Array(text.utf8)).joined() == text)
    }
  }

  @Test func `replaces what is no character, and continues`() {
    #expect(pieces([0x80, 0x61]).joined() == "\u{fffd}a")
    #expect(pieces([0xff, 0x61]).joined() == "\u{fffd}a")
    #expect(pieces([0xe2, 0x82, 0x61]).joined() == "\u{fffd}a")
    #expect(pieces([0xe2, 0x82]) == ["", "", "\u{fffd}"])
    #expect(pieces([0x80, 0x80, 0x80, 0x80, 0x80, 0x61]).joined().hasSuffix("a"))
  }

  @Test func `reads tokens that end in the middle of a character`() throws {
    let tokenizer = ByteTokenizer(words: ["né", "é!"])
    var detokenizer = Detokenizer(tokenizer)
    let tokens = try tokenizer.encode("né€é!", control: .asText)
    #expect(tokens.map { detokenizer.append($0) } == ["né", "", "", "€", "é!"])
  }

  @Test func `says nothing for control tokens`() throws {
    let tokenizer = ByteTokenizer()
    let tokens = try tokenizer.encode("a</think>b", control: .recognised)
    #expect(tokens.count == 3)
    #expect(tokenizer.decode(tokens) == "ab")
  }
}
