import TandemInference
import Testing

@testable import TandemTraining

@Suite struct `Training a vocabulary` {
  @Test func `merges the most frequent pair first, and the lowest ids of equals`() throws {
    // "ab" occurs 5 times, "bc" 3 times; then "abc" 3 times against "abd" twice.
    let vocabulary = try BytePairVocabulary.train(on: ["abc", "abc", "abc", "abd", "abd"], added: [], size: 300)
    #expect(vocabulary.spelledMerges == ["a b", "ab c", "ab d"])
    let tied = try BytePairVocabulary.train(on: ["xy", "ab", "ay"], added: [], size: 300)
    #expect(tied.spelledMerges == ["a b", "a y", "x y"])
  }

  @Test func `counts what overlaps as it is merged`() throws {
    let vocabulary = try BytePairVocabulary.train(on: ["aaaaa"], added: [], size: 300)
    #expect(vocabulary.spelledMerges == ["a a", "aa a", "aa aaa"])
  }

  @Test func `does not depend on the order of the texts`() throws {
    let texts = ["the cat", "the hat", "that cat sat", "it sat there"]
    let vocabulary = try BytePairVocabulary.train(on: texts, added: [], size: 280)
    #expect(try BytePairVocabulary.train(on: texts.reversed(), added: [], size: 280) == vocabulary)
  }

  @Test func `gives the first ids to added tokens, the next to the bytes, and fills up with unused ones`() throws {
    let vocabulary = try BytePairVocabulary.train(
      on: ["ab"], added: [.init("<|x|>", .control), .init("\n\n", .userDefined)], size: 261)
    #expect(vocabulary.tokens.count == 261)
    #expect(vocabulary.tokens[0] == .init("<|x|>", .control))
    #expect(vocabulary.tokens[1] == .init("\n\n", .userDefined))
    #expect(vocabulary.tokens[2] == .init("!", .normal))
    #expect(vocabulary.tokens[257] == .init("Ń", .normal))
    #expect(vocabulary.tokens[258] == .init("ab", .normal))
    #expect(vocabulary.tokens[259...].map(\.text) == ["<unused259>", "<unused260>"])
    #expect(vocabulary.tokens[259...].allSatisfy { $0.kind == .unused })
  }

  @Test func `makes one token of each word that is to be whole, whatever the texts say`() throws {
    let words = (0...99).map { " \($0)" }
    let vocabulary = try BytePairVocabulary.train(on: ["no number"], whole: words, added: [], size: 400)
    let tokenizer = BytePairTokenizer(vocabulary)
    #expect(words.allSatisfy { tokenizer.encode($0, control: .asText).count == 1 })
    #expect(vocabulary.merges.count >= 100)
  }

  @Test func `refuses a size that is too small, and a word that can't be whole`() {
    #expect(throws: VocabularyError.self) { try BytePairVocabulary.train(on: [], added: [], size: 255) }
    #expect(throws: VocabularyError.self) { try BytePairVocabulary.train(on: [], whole: ["abc"], added: [], size: 257) }
    #expect(throws: VocabularyError.self) { try BytePairVocabulary.train(on: [], whole: ["a b"], added: [], size: 300) }
    #expect(throws: Never.self) { try BytePairVocabulary.train(on: ["abcdef"], added: [], size: 257) }
  }
}

@Suite struct `The words of GPT-2` {
  @Test(arguments: [
    ("", []), ("Try 10 * 2 = 20.", ["Try", " 10", " *", " 2", " =", " 20", "."]),
    ("Let's verify: they'll do", ["Let", "'s", " verify", ":", " they", "'ll", " do"]),
    ("user\nUse 3, 17", ["user", "\n", "Use", " 3", ",", " 17"]), ("a  b", ["a", " ", " b"]),
    ("a \n b", ["a", " \n", " b"]), ("a  ", ["a", "  "]), ("12ab", ["12", "ab"]), ("x²", ["x", "²"]),
    ("é 多 \u{a0}ü", ["é", " 多", " ", "\u{a0}", "ü"]), ("'S", ["'", "S"]), ("it''s", ["it", "''", "s"]),
  ])
  func `are cut as its pattern says`(text: String, words: [String]) {
    #expect(GPT2Words(text).map { String(decoding: $0, as: UTF8.self) } == words)
  }

  @Test func `together are the text`() {
    let text = "  Wait—\t3 × 4\u{301}\r\n\n“12”  'tis  e\u{301}\u{1f469}\u{200d}\u{1f4bb} "
    #expect(GPT2Words(text).flatMap { Array($0) } == Array(text.utf8))
  }
}

@Suite struct `A byte-level tokenizer` {
  private let tokenizer: BytePairTokenizer

  init() throws { tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 50)) }

  @Test(arguments: [
    "", "Try 10 * 2 = 20.", "naïve 多 \u{1f469}\u{200d}\u{1f4bb} \0 \r\n\t", "\n\n\n", "<think>a</think>",
  ])
  func `gives back what it encoded`(_ text: String) {
    #expect(tokenizer.decode(tokenizer.encode(text, control: .asText)) == text)
  }

  @Test func `reads a blank line as one token wherever it stands`() {
    let blank: Token = 5
    for text in ["a\n\nb", "a.\n\n</think>", "\n\n"] {
      #expect(tokenizer.encode(text, control: .recognised).count { $0 == blank } == 1)
    }
    #expect(tokenizer.encode("\n\n\n", control: .recognised).count == 2)
  }

  @Test func `leaves control tokens alone where they are text`() {
    #expect(tokenizer.encode("<|im_end|>", control: .recognised) == [2])
    #expect(!tokenizer.encode("<|im_end|>", control: .asText).contains(2))
    #expect(tokenizer.decode([2]) == "")
    #expect(tokenizer.isEndOfGeneration(2) && tokenizer.isEndOfGeneration(0) && !tokenizer.isEndOfGeneration(5))
  }

  @Test func `knows no token outside its vocabulary`() {
    #expect(tokenizer.bytes(of: -1).isEmpty && tokenizer.bytes(of: 512).isEmpty && tokenizer.bytes(of: 511).isEmpty)
  }

  @Test func `makes one token of each number to 99 and its space`() {
    for number in 0...99 { #expect(tokenizer.encode(" \(number)", control: .asText).count == 1) }
  }
}

extension BytePairVocabulary {
  fileprivate var spelledMerges: [String] {
    merges.map { "\(tokens[Int($0.left)].text) \(tokens[Int($0.right)].text)" }
  }
}
