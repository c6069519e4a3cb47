import Foundation
import TandemInference
import TandemLlama
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `The grammar of calls` {
  private static let model = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/TandemModels/Nano/nano-large.gguf").standardizedFileURL.path

  private let tools = [
    Tool(
      name: "add",
      parameters: #"{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 0, "#
        + #""maximum": 9}}, "additionalProperties": false}"#),
    Tool(name: "now", parameters: #"{"type": "object", "properties": {}, "additionalProperties": false}"#),
  ]

  /// What a model that knows nothing of tools writes under the grammar of `choice`.
  private func written(_ format: ToolFormat, _ choice: ToolChoice, seed: UInt64) async throws -> String {
    let rules = try format.grammar(for: tools, choice: choice, isParallel: false) { tool, name throws(ServerError) in
      do {
        return try SchemaGrammar.rules(for: JSONValue(parsing: Data(tool.parameters.utf8)), named: name)
      } catch {
        throw .invalid("\(error)")
      }
    }
    let engine = try await LlamaEngine.load(Self.model, LlamaParameters(contextSize: 512, sequences: 1))
    let session = try await engine.makeSession()
    let prompt = try engine.tokenizer.encode("<|im_start|>assistant\n", control: .recognised)
    var request = GenerationRequest(after: prompt, sampling: .init(temperature: 1, topP: 1), seed: seed, limit: 200)
    request.grammar = Grammar(rules: rules)
    var tokens: [Token] = []
    for try await sampled in session.generate(request) { tokens.append(sampled.token) }
    await engine.close()
    return engine.tokenizer.decode(tokens)
  }

  @Test(arguments: [ToolFormat.hermes, .llama, .mistral], [0, 1, 2] as [UInt64])
  func `makes any model call a tool as its schema says`(format: ToolFormat, seed: UInt64) async throws {
    for choice in [ToolChoice.required, .named("now")] {
      let answer = try await written(format, choice, seed: seed)
      var parser = ToolCallParser(format, tools: tools, isParallel: false) { "1" }
      let pieces = parser.take(answer) + parser.finish()
      guard case .call(let call)? = pieces.first, pieces.count == 1 else {
        Issue.record("\(answer)")
        continue
      }
      if choice == .named("now") { #expect(call.name == "now") }
      let arguments = try #require(JSONText(call.arguments))
      let a = arguments["a"].flatMap { Int($0) }
      #expect(call.name == "now" ? arguments.members.isEmpty : a.map { (0...9).contains($0) } == true, "\(answer)")
    }
  }
}
