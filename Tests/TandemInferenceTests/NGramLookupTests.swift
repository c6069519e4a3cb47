import TandemInference
import Testing

@Suite struct `Lookup in a session's own text` {
  private func lookup(_ text: String, _ lookup: NGramLookup = .init()) -> String {
    let tokens = Array(text.utf8).map { Token(rawValue: Int32($0)) }
    return String(decoding: lookup.proposals(after: tokens).map { UInt8($0.rawValue) }, as: UTF8.self)
  }

  @Test func `proposes what followed the same tokens before`() {
    #expect(lookup("4 + 3 = 7, and 4 + 3") == " = 7, an")
    #expect(lookup("4 + 3 = 7, and 4 + 3", .init(length: 3)) == " = ")
  }

  @Test func `prefers a longer match to a later one, and a later one to an earlier`() {
    #expect(lookup("abcd1 xcd2 abcd", .init(length: 1)) == "1")
    #expect(lookup("abcd1 abcd2 abcd", .init(length: 1)) == "2")
    #expect(lookup("abcd1 xcd2 abcd", .init(match: 1...2, length: 1)) == "2", "no more than two are compared")
  }

  @Test func `proposes nothing where too little has been there before`() {
    #expect(lookup("abcdefg") == "")
    #expect(lookup("ab cb") == "", "one token is not enough")
    #expect(lookup("ab cb", .init(match: 1...4, length: 1)) == " ")
    #expect(lookup("") == "")
    #expect(lookup("a") == "")
    #expect(lookup("aa") == "")
  }

  @Test func `continues a repetition`() {
    #expect(lookup("xabababab", .init(match: 2...4)) == "ab")
    #expect(lookup("aaaaa", .init(match: 2...3)) == "a")
  }

  @Test func `wants something to match and something to propose`() {
    #expect(throws: EngineError.self) { try NGramLookup(match: 0...2).validate() }
    #expect(throws: EngineError.self) { try NGramLookup(length: 0).validate() }
  }
}
