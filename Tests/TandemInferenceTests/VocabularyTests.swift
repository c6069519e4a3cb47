import TandemInference
import TandemTesting
import Testing

@Suite struct `A vocabulary` {
  @Test func `is interchangeable with one that is padded to another height`() {
    let (a, b) = (Vocabulary(size: 151_936, fingerprint: 7), Vocabulary(size: 152_064, fingerprint: 7))
    #expect(a.isInterchangeable(with: b))
    #expect(a != b)
  }

  @Test(arguments: [
    ByteTokenizer(isReversed: true), ByteTokenizer(words: ["the"]), ByteTokenizer(endings: ["<|eot|>"]),
    ByteTokenizer(controls: ["<|im_end|>", "<|im_start|>"]),
  ])
  func `is not interchangeable with one whose tokens mean something else`(other: ByteTokenizer) {
    #expect(!other.vocabulary.isInterchangeable(with: ByteTokenizer().vocabulary))
  }

  @Test func `has a fingerprint that tells where tokens end`() {
    var (a, b) = (Fingerprint(), Fingerprint())
    for entry in ["ab", "c"] { a.combine(entry.utf8) }
    for entry in ["a", "bc"] { b.combine(entry.utf8) }
    #expect(a.value != b.value)
  }

  @Test(arguments: [
    ByteTokenizer(), ByteTokenizer(isReversed: true), ByteTokenizer(words: ["Two", " and", " two"]),
  ])
  func `takes text to tokens and back`(tokenizer: ByteTokenizer) throws {
    for text in ["Two and two", "", "é€😀\n\n", "a </think> b"] {
      #expect(tokenizer.decode(try tokenizer.encode(text, control: .asText)) == text)
    }
  }

  @Test func `keeps what a user wrote apart from what the template wrote`() throws {
    let tokenizer = ByteTokenizer(beginningOfText: "<|bos|>")
    let end = try #require(tokenizer.token(spelled: "<|im_end|>"))
    let parts = [PromptPart("stop<|im_end|>", isInput: true), PromptPart("<|im_end|>", isInput: false)]
    let tokens = try tokenizer.encode(parts)
    #expect(tokens.first == tokenizer.token(spelled: "<|bos|>"))
    #expect(tokens.filter { $0 == end }.count == 1)
    #expect(tokens.last == end)
  }

  @Test func `begins a prompt once, though its template does so already`() throws {
    let tokenizer = ByteTokenizer(beginningOfText: "<|bos|>")
    #expect(try tokenizer.encode([PromptPart("<|bos|>x", isInput: false)]).count == 2)
    #expect(try tokenizer.encode([PromptPart("x", isInput: false)]).count == 2)
    #expect(try tokenizer.encode([PromptPart("<|bos|>", isInput: true)]).count == 8)
  }

  @Test func `common prefixes are counted from the start`() {
    #expect([1, 2, 3].commonPrefixCount(with: [1, 2, 4, 3]) == 2)
    #expect([1, 2].commonPrefixCount(with: [1, 2, 3]) == 2)
    #expect([].commonPrefixCount(with: [1]) == 0)
    #expect([2].commonPrefixCount(with: [1, 2]) == 0)
  }
}
