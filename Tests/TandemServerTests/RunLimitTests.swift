import Foundation
import Tandem
import TandemTesting
import Testing

@testable import TandemServer

@Suite struct `The limits of a request` {
  private let base = Budget(thinkingTokens: 400, answerTokens: 56)

  private func budget(
    _ body: String, window: Int = 512, prompt: Int = 40, isUnmarked: Bool = false
  ) throws -> Budget {
    var members = try JSONMembers(body: Data("{\(body)}".utf8))
    var request = RunRequest(model: "m", messages: [])
    try request.readLimits(&members)
    try members.finish()
    return try request.limits.budget(over: base, window: window, prompt: prompt, isUnmarked: isUnmarked)
  }

  @Test func `are the model's unless it says otherwise`() throws {
    #expect(try budget("") == base)
    #expect(try budget(#""max_tokens": null, "reasoning_effort": null"#) == base)
  }

  @Test(arguments: [
    ("none", 0), ("minimal", 50), ("low", 100), ("medium", 200), ("high", 400), ("xhigh", 512), ("max", 512),
  ]) func `have efforts that are shares of the model's thinking`(effort: String, tokens: Int) throws {
    #expect(try budget("\"reasoning_effort\": \"\(effort)\"").thinkingTokens == tokens)
    #expect(try budget("\"reasoning\": {\"effort\": \"\(effort)\"}").thinkingTokens == tokens)
  }

  @Test(arguments: ["thinking_budget_tokens", "thinking_token_budget"]) func `have a thinking budget`(name: String)
    throws
  {
    #expect(try budget("\"\(name)\": 20").thinkingTokens == 20)
    #expect(try budget("\"\(name)\": 100, \"reasoning_effort\": \"low\"").thinkingTokens == 100)
    #expect(throws: ServerError.self) { try budget("\"\(name)\": 99, \"reasoning_effort\": \"low\"") }
    #expect(throws: ServerError.self) { try budget("\"\(name)\": 99, \"reasoning\": {\"max_tokens\": 98}") }
  }

  @Test(arguments: [1, 2, 7, 8, 100, 400])
  func `reserve nothing for a model that does not mark its thinking`(tokens: Int) throws {
    #expect(try budget("\"max_tokens\": \(tokens)", isUnmarked: true).thinkingTokens == tokens)
  }

  @Test func `are all written by a model that does not mark its thinking`() async throws {
    let model = ScriptedModel(name: "plain", scripts: ["": [String(repeating: "x", count: 60)]])
    let pair = ServedPair(
      name: "duo", solver: Solver(large: Participant(model, format: .unmarked)),
      gate: RunGate(places: [.large: 1], queue: 0), strategy: LargeOnly())
    try await withServer(ServedModels(pairs: [pair])) { server in
      let answer = try await server.chat(#""max_tokens": 7"#)
      #expect((answer.json["usage"] as? [String: Any])?["completion_tokens"] as? Int == 7, "\(answer.body)")
      #expect(answer.body.contains(#""finish_reason":"length""#) && answer.body.contains(#""content":"xxxxxxx""#))
    }
  }

  @Test(arguments: [1, 2, 7, 8, 100, 224, 300, 456, 457, 5000])
  func `reserve a part of all tokens for the answer`(tokens: Int) throws {
    let budget = try budget("\"max_tokens\": \(tokens)")
    #expect(budget.thinkingTokens + budget.answerTokens <= tokens)
    #expect(budget.answerTokens >= min(56, max(1, tokens / 4)) && budget.thinkingTokens <= 400)
    if tokens < 456 { #expect(budget.thinkingTokens + budget.answerTokens == tokens) }
  }

  @Test func `leave the answer what fits beside the thinking`() throws {
    let budget = try budget(#""max_completion_tokens": 4096, "reasoning_effort": "none""#, window: 8192, prompt: 100)
    #expect(budget.thinkingTokens == 0 && budget.answerTokens == 4096)
    let narrow = try self.budget(#""max_completion_tokens": 4096, "reasoning_effort": "none""#)
    #expect(narrow.answerTokens == 512 - 40 - 32)
    // More than is thought and promised: the answer may be longer.
    let long = try self.budget(#""max_tokens": 4096"#, window: 8192, prompt: 100)
    #expect(long.thinkingTokens == 400 && long.answerTokens == 3696)
  }
}

@Suite struct `The members of a request` {
  private func members(_ body: String) throws -> JSONMembers { try JSONMembers(body: Data(body.utf8)) }

  @Test func `that nobody reads are refused, with the nearest that somebody reads`() throws {
    var body = try members(#"{"a": {"stream": true, "sede": 4}}"#)
    var inner = try #require(try body.object("a"))
    #expect(try inner.flag("stream") == true)
    #expect(try inner.integer("seed", in: 0...10) == nil)
    let error = #expect(throws: ServerError.self) { try inner.finish() }
    #expect(error?.param == "a.sede" && error?.code == "unknown_parameter")
    #expect(error?.message == "There is no parameter 'a.sede'. Did you mean 'a.seed'?")
  }

  @Test func `that are null are absent`() throws {
    var body = try members(#"{"text": null, "flag": null, "list": null, "object": null, "number": null}"#)
    #expect(try body.text("text") == nil && body.flag("flag") == nil && body.list("list") == nil)
    #expect(try body.object("object") == nil && body.number("number", "") { _ in false } == nil)
    try body.finish()
  }

  @Test func `may be whole numbers with a fraction of zero, and never truth values`() throws {
    var body = try members(#"{"a": 3.0, "b": true, "c": 1}"#)
    #expect(try body.integer("a", in: 0...5) == 3)
    #expect(throws: ServerError.self) { try body.integer("b", in: 0...5) }
    #expect(throws: ServerError.self) { try body.flag("c") }
  }

  @Test func `may be seeds of 64 bits, with or without a sign`() throws {
    var body = try members(#"{"a": 18446744073709551615, "b": -1, "c": 7, "d": 1.5, "e": 18446744073709551616}"#)
    #expect(try body.seed("a") == .max && body.seed("b") == .max && body.seed("c") == 7 && body.seed("none") == nil)
    for name in ["d", "e"] { #expect(throws: ServerError.self) { try body.seed(name) } }
    let error = #expect(throws: ServerError.self) { try body.integer("a", in: 0...5) }
    #expect(error?.message.hasPrefix("'a' must be from 0 to 5") == true)
  }
}
