import TandemInference
import TandemTesting
import Testing

@Suite struct `A stop rule` {
  private let tokenizer = ByteTokenizer(words: ["ab", "bc\n", "\n\nx", "é"])

  /// What it says after each token of a text, up to the first reason.
  private func reasons(
    _ text: String, _ stops: [StopCondition], limit: Int = 100, completion: Int = 0, ignoresEnd: Bool = false
  ) throws -> [StopReason?] {
    try reasons(
      tokenizer.encode(text, control: .recognised), stops, limit: limit, completion: completion, ignoresEnd: ignoresEnd)
  }

  private func reasons(
    _ tokens: [Token], _ stops: [StopCondition], limit: Int, completion: Int, ignoresEnd: Bool = false
  ) throws -> [StopReason?] {
    var request = GenerationRequest(stops: stops, limit: limit, ignoresEndOfGeneration: ignoresEnd)
    request.completionLimit = completion
    var rule = StopRule(request, tokenizer: tokenizer)
    var reasons: [StopReason?] = []
    for token in tokens {
      reasons.append(try rule.reason(after: SampledToken(token: token, logProbability: .exact(0), entropy: .exact(1))))
      if reasons.last != .some(nil) { break }
    }
    return reasons
  }

  @Test func `finds a text that one token completes`() throws {
    #expect(try reasons("x\n\ny", [.text("\n\n")]) == [nil, nil, .text("\n\n")])
  }

  @Test func `finds a text inside one token`() throws {
    #expect(try reasons("a\n\nxyz", [.text("\n\n")]) == [nil, .text("\n\n")])
  }

  @Test func `finds a text that lies across tokens, in the middle of both`() throws {
    #expect(try reasons("abbc\n", [.text("bb")]) == [nil, .text("bb")])
    #expect(try reasons("aabbc\nq", [.text("abbc")]) == [nil, nil, .text("abbc")])
  }

  @Test func `finds half a character when that is what completes it`() throws {
    #expect(try reasons("xêz", [.text("ê")]) == [nil, nil, .text("ê")])
  }

  @Test func `does not look at what was said before`() throws {
    #expect(try reasons("\nx\n", [.text("\n\n")]) == [nil, nil, nil])
  }

  @Test func `finds the shorter of two texts though the longer one is still open`() throws {
    #expect(try reasons("say </think", [.text("</think>"), .text("y ")]).last == .text("y "))
  }

  @Test func `ends at an end of generation before anything else`() throws {
    #expect(try reasons("x<|im_end|>", [.token(257)]) == [nil, .endOfGeneration])
    #expect(try reasons("x<|im_end|>y", [], ignoresEnd: true) == [nil, nil, nil])
    #expect(try reasons("x<|im_end|>y", [.token(257)], ignoresEnd: true) == [nil, .token(257)])
  }

  @Test func `says why rather than that the limit is reached`() throws {
    #expect(try reasons("xyz", [], limit: 2) == [nil, .limit])
    #expect(try reasons("xyz", [.text("y")], limit: 2) == [nil, .text("y")])
  }

  @Test func `ends after a token that the model was not sure of`() throws {
    #expect(try reasons("xyz", [.entropy(EntropyBound(.above, 0.99))]) == [.entropy])
    #expect(try reasons("xy", [.entropy(EntropyBound(.above, 1))]) == [nil, nil])
  }

  @Test func `ends inside a character, unless it may be completed`() throws {
    #expect(try reasons("a😀b", [], limit: 2) == [nil, .limit])
    for limit in 2...5 {
      #expect(try reasons("a😀b", [], limit: limit, completion: 3) == [nil, nil, nil, nil, .limit])
    }
    #expect(try reasons("a😀b", [], limit: 2, completion: 1) == [nil, nil, .limit])
    #expect(try reasons("ab", [], limit: 1, completion: 3) == [.limit])
    let unsure = StopCondition.entropy(EntropyBound(.above, 0.99))
    #expect(try reasons("€b", [unsure], completion: 3) == [nil, nil, .entropy])
  }

  @Test func `waits for continuation bytes only, and not for ever`() throws {
    func row(_ bytes: [Int32]) throws -> [StopReason?] {
      try reasons(bytes.map(Token.init(rawValue:)), [], limit: 2, completion: 3)
    }
    #expect(try row([0x61, 0xF0, 0x61, 0x61]) == [nil, nil, .limit])
    #expect(try row([0xF0, 0xF0, 0xF0, 0xF0]) == [nil, nil, .limit])
    #expect(try row([0x80, 0x80, 0x80]) == [nil, .limit])
    #expect(try row([0x61, 0xE4, 0xB8, 0xAD]) == [nil, nil, nil, .limit])
    #expect(try reasons("a€<|im_end|>", [], limit: 3, completion: 3) == [nil, nil, nil, .limit])
    #expect(try row([0x61, 0xF0, 257]) == [nil, nil, .endOfGeneration])
  }

  @Test func `finds control tokens in a row, which have no text`() throws {
    let start = try #require(tokenizer.token(spelled: "<|im_start|>"))
    let answer = try [start] + tokenizer.encode("an", control: .asText)
    #expect(try reasons("a<|im_start|>anx", [.tokens(answer)]) == [nil, nil, nil, .tokens(answer)])
    #expect(try reasons("a<|im_start|>xan", [.tokens(answer)]) == [nil, nil, nil, nil, nil])
    #expect(try reasons("<|im_start|><|im_start|>an", [.tokens(answer)]).last == .tokens(answer))
  }
}
