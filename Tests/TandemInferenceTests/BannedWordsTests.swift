import TandemInference
import TandemTesting
import Testing

@Suite struct `Banned words` {
  private let tokenizer = ByteTokenizer(
    words: ["Wait", " wait", " waiting", "ait", "Wa", "it,", "sure", "Not ", ".\n\nWait"])

  /// The spellings of all tokens that may not follow `text`.
  private func banned(_ words: [String], after text: String, start: Int = 0) throws -> Set<String> {
    let tokens = try tokenizer.encode(text, control: .asText)
    var row = [Float](repeating: 0, count: tokenizer.vocabulary.size)
    var span = row.mutableSpan
    BannedWords(words, in: tokenizer).processor(after: start).process(&span, after: tokens)
    return Set(row.indices.filter { row[$0] == -.infinity }.map { tokenizer.spelling(of: Token(rawValue: Int32($0))) })
  }

  @Test func `are not drawn, whole or by their last token`() throws {
    #expect(try banned(["wait"], after: "") == ["Wait", " wait", ".\n\nWait"])
    // A letter follows in " waiting", so it is another word.
    #expect(try banned(["wait"], after: "W") == [" wait", ".\n\nWait", "ait"])
    #expect(try banned(["wait"], after: "Wa") == [" wait", ".\n\nWait", "it,"])
    #expect(try banned(["wait"], after: "Wai") == [" wait", ".\n\nWait", "t", "T"])
    #expect(try banned(["not sure"], after: "I am Not ") == ["sure"])
  }

  @Test func `begin where no letter stands before them, and after the start`() throws {
    #expect(try banned(["wait"], after: "aw") == [" wait", ".\n\nWait"])
    #expect(try !banned(["wait"], after: "é").contains("Wait"))
    #expect(try !banned(["not sure"], after: "Not ", start: 1).contains("sure"), "what is before the start is not read")
    #expect(try banned([], after: "W") == [])
  }
}
