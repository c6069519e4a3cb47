import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemLlama

@Suite(.timeLimit(.minutes(20))) struct `A grammar` {
  private static let list = #"""
    root ::= "{\"n\": " number (", " number)* "}"
    number ::= [0-9]{1,3}
    """#

  private func write(
    _ grammar: Grammar?, seed: UInt64, limit: Int = 60, sampling: SamplingParameters = .init(temperature: 1, topP: 1)
  ) async throws -> (text: String, tokens: [Token], pieces: [String], stop: StopReason?) {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession()
    var request = GenerationRequest(after: try prompt(for: engine), sampling: sampling, seed: seed, limit: limit)
    request.grammar = grammar
    let sampled = try await session.sample(request)
    await engine.close()
    let tokens = sampled.map(\.token)
    let pieces = tokens.map { engine.tokenizer.decode([$0]) }
    return (engine.tokenizer.decode(tokens), tokens, pieces, sampled.last?.stop)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5] as [UInt64])
  func `has every text be as it says, whatever the model would write`(seed: UInt64) async throws {
    let sampling = seed == 0 ? SamplingParameters.greedy : .init(temperature: 1, topK: seed > 3 ? 5 : 0, topP: 1)
    let (text, _, _, stop) = try await write(Grammar(rules: Self.list), seed: seed, sampling: sampling)
    if stop == .endOfGeneration {
      #expect(text.wholeMatch(of: /\{"n": [0-9]{1,3}(, [0-9]{1,3})*\}/) != nil, "\(text)")
    } else {
      #expect(text.hasPrefix(#"{"n": "#), "\(text)")
    }
  }

  @Test func `changes nothing as long as it does not object`() async throws {
    let free = try await write(nil, seed: 3, limit: 20)
    let ruled = try await write(Grammar(rules: #"root ::= [^\x01]*"#), seed: 3, limit: 20)
    #expect(ruled.tokens == free.tokens)
  }

  @Test func `leaves the text free up to its trigger`() async throws {
    // Something that the model writes in any case.
    let free = try await write(nil, seed: 3, limit: 40)
    let trigger = free.pieces[4..<8].joined()
    let rules = "root ::= \(String(reflecting: trigger)) \"yes\""
    let ruled = try await write(Grammar(rules: rules, triggers: [trigger]), seed: 3, limit: 40)
    let range = try #require(free.text.ranges(of: trigger).first)
    #expect(ruled.text == free.text[..<range.upperBound] + "yes")
    #expect(ruled.stop == .endOfGeneration)
  }

  @Test(arguments: [
    "root ::= (", "answer ::= \"6\"", "root ::= other", "root ::= root \"a\" | \"a\"", "nonsense", " ", "root ::= \"a",
    "root ::= [a", "root ::= \"a\"{99999999}", "root ::= " + String(repeating: "(", count: 4000), "\u{0}",
    (0..<5000).map { "r\($0) ::= r\($0 + 1)" }.joined(separator: "\n"),
  ])
  func `that is none is an error`(rules: String) async throws {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession()
    var request = GenerationRequest(after: try prompt(for: engine), limit: 4)
    request.grammar = Grammar(rules: rules)
    #expect(await code { _ = try await session.sample(request) } == "invalid-parameter")
    #expect(try await session.sample(GenerationRequest(after: try prompt(for: engine), limit: 4)).isEmpty == false)
    await engine.close()
  }

  @Test func `goes together with proposals, which change nothing`() async throws {
    let engine = try await nanoEngine()
    var request = GenerationRequest(after: try prompt(for: engine), sampling: .init(temperature: 1), seed: 5, limit: 40)
    request.grammar = Grammar(rules: Self.list)
    let alone = try await engine.makeSession().sample(request).map(\.token)
    request.proposer = .immediate { context in NGramLookup().proposals(after: context.tokens) }
    #expect(try await engine.makeSession().sample(request).map(\.token) == alone)
    await engine.close()
  }

  @Test(arguments: [SmallOnly(), SpeculativeThinking(), SpecReason(), LengthFilteredVote()] as [any Strategy])
  func `rules the answer alone, in every part of it`(strategy: any Strategy) async throws {
    let (small, large) = try await (
      nanoEngine(contextSize: 512, sequences: 9), nanoEngine(Models.nanoLarge, contextSize: 512, sequences: 9)
    )
    let solver = Solver(
      small: Participant(small), large: Participant(large), budget: Budget(thinkingTokens: 60, answerTokens: 60),
      answering: AnswerRules(grammar: Grammar(rules: #"root ::= "\n"{0,2} "{" [0-9]{1,8} "}""#)))
    let outcome = try await solver.solve(Problem(question: "Use 3, 8, 5, 10 to make 17."), with: strategy)
    #expect(outcome.answer?.wholeMatch(of: /\{[0-9]{1,8}\}/) != nil, "\(outcome.answer ?? "")")
    await small.close()
    await large.close()
  }
}
