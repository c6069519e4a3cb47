import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

/// A template that prints tools and calls as Hermes' do.
struct ToolTemplate: ChatTemplate {
  var source: String? { nil }

  func render(
    _ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]
  ) throws(EngineError) -> [PromptPart] {
    var text = tools.map { "{\"name\": \"\($0.name)\", \"parameters\": \($0.parameters)}\n" }.joined()
    for message in messages {
      let calls = message.toolCalls.map { ToolFormat.hermes.text(of: [$0]) }
      text +=
        "(\(message.role.rawValue))\((message.content.isEmpty ? calls : [message.content] + calls).joined(separator: "\n"))(end)"
    }
    return [PromptPart(text, isInput: true), PromptPart("(assistant)", isInput: false)]
  }
}

@Suite(.timeLimit(.minutes(20))) struct `Tools in a chat` {
  private static let call = #"<tool_call>\#n{"name": "add", "arguments": {"b": 1, "a": 2}}\#n</tool_call>"#
  private static let tool = """
    {"type": "function", "function": {"name": "add", "description": "Adds.", "parameters": {"type": "object", \
    "required": ["a"], "properties": {"b": {"type": "integer"}, "a": {"type": "integer"}}}, "strict": true}}
    """
  private static let options = MemoryOptions(template: ToolTemplate())

  private func models(_ text: String, options: MemoryOptions = Self.options) -> ServedModels {
    ServedModels.scripted(text, budget: Budget(thinkingTokens: 400, answerTokens: 400), options: options).models
  }

  private func choice(_ answer: Answer) throws -> [String: Any] {
    try #require((answer.json["choices"] as? [[String: Any]])?.first, "\(answer.body)")
  }

  private func calls(_ message: [String: Any]?) -> [[String: Any]] { message?["tool_calls"] as? [[String: Any]] ?? [] }

  @Test func `are called beside the text, which has no marks`() async throws {
    try await withServer(models("Hm.</think>I add.\n\(Self.call)\n\(Self.call)<|im_end|>")) { server in
      let choice = try choice(await server.chat("\"tools\": [\(Self.tool)]"))
      let message = try #require(choice["message"] as? [String: Any])
      #expect(message["content"] as? String == "I add." && message["reasoning_content"] as? String == "Hm.")
      #expect(choice["finish_reason"] as? String == "tool_calls")
      let calls = calls(message)
      #expect(calls.count == 2 && Set(calls.compactMap { $0["id"] as? String }).count == 2)
      for call in calls {
        let function = call["function"] as? [String: Any]
        #expect(call["type"] as? String == "function" && call["index"] == nil)
        #expect(function?["name"] as? String == "add")
        #expect(function?["arguments"] as? String == #"{"b": 1, "a": 2}"#)
      }
    }
  }

  @Test func `are streamed as deltas of their own`() async throws {
    try await withServer(models("Hm.</think>\n\n\(Self.call)<|im_end|>")) { server in
      let chunks = try await server.chat("\"stream\": true, \"tools\": [\(Self.tool)]").chunks
      let choices = chunks.compactMap { ($0["choices"] as? [[String: Any]])?.first }
      let deltas = choices.compactMap { $0["delta"] as? [String: Any] }
      #expect(deltas.compactMap { $0["content"] as? String }.joined().isEmpty)
      let streamed = deltas.flatMap { calls($0) }
      #expect(streamed.count == 1 && streamed[0]["index"] as? Int == 0)
      #expect((streamed[0]["function"] as? [String: Any])?["arguments"] as? String == #"{"b": 1, "a": 2}"#)
      #expect(choices.compactMap { $0["finish_reason"] as? String } == ["tool_calls"])
    }
  }

  @Test func `that a text only resembles stay text, and the reason is told`() async throws {
    try await withServer(models("Hm.</think><tool_call>{\"name\": \"sub\"}</tool_call><|im_end|>")) { server in
      let choice = try choice(await server.chat("\"tools\": [\(Self.tool)]"))
      let message = try #require(choice["message"] as? [String: Any])
      #expect(message["content"] as? String == "<tool_call>{\"name\": \"sub\"}</tool_call>")
      #expect(message["tool_calls"] == nil && choice["finish_reason"] as? String == "stop")
      let faults = (choice["tandem"] as? [String: Any])?["tool_faults"] as? [String]
      #expect(faults == ["There is no tool 'sub'."])
    }
  }

  @Test func `can be forced`() async throws {
    for choice in ["\"required\"", #"{"type": "function", "function": {"name": "add"}}"#] {
      let isNamed = choice.hasPrefix("{")
      // An engine without grammars has the beginning of the call written for the model.
      let rest = (isNamed ? "" : #"add", "arguments": "#) + "{\"a\": 1}}\n</tool_call><|im_end|>"
      let large = ScriptedModel(name: "huge", scripts: ["": ["Hm.</think>", rest]], options: Self.options)
      let pair = ServedPair(
        name: "duo", solver: Solver(large: Participant(large, format: .think)),
        gate: RunGate(places: [.large: 1], queue: 4),
        strategy: LargeOnly(), strategies: [])
      try await withServer(ServedModels(pairs: [pair])) { server in
        let found = try self.choice(await server.chat("\"tools\": [\(Self.tool)], \"tool_choice\": \(choice)"))
        let calls = calls(found["message"] as? [String: Any])
        #expect((calls.first?["function"] as? [String: Any])?["arguments"] as? String == "{\"a\": 1}")
        #expect((found["message"] as? [String: Any])?["content"] is NSNull)
      }
    }
  }

  @Test func `are not shown if none may be called`() async throws {
    try await withServer(models("Hm.</think>\(Self.call)<|im_end|>")) { server in
      let choice = try choice(await server.chat("\"tools\": [\(Self.tool)], \"tool_choice\": \"none\""))
      let message = choice["message"] as? [String: Any]
      #expect(message?["content"] as? String == Self.call && message?["tool_calls"] == nil)
    }
  }

  @Test func `have results, and are in the prompt in the order in which they were written`() async throws {
    let scripted = ServedModels.scripted("Hm.</think>3<|im_end|>", options: Self.options)
    try await withServer(scripted.models) { server in
      let body = """
        {"model": "duo", "tools": [\(Self.tool)], "messages": [{"role": "user", "content": "2 + 1?"}, {"role": "assistant", \
        "content": null, "reasoning_content": "I add.", "tool_calls": [{"id": "c1", "type": "function", "function": \
        {"name": "add", "arguments": "{\\"b\\": 1, \\"a\\": 2}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "3"}]}
        """
      let found = try await server.send("POST", "/v1/chat/completions", body)
      #expect(found.status == 200, "\(found.body)")
      let prompt = try ToolTemplate().render(
        [
          Message(.user, "2 + 1?"),
          Message(
            .assistant, "", toolCalls: [ToolCall(id: "c1", name: "add", arguments: #"{"b": 1, "a": 2}"#)]),
          Message(.tool, "3", toolCallID: "c1"),
        ],
        tools: [
          Tool(
            name: "add",
            parameters:
              #"{"type": "object", "required": ["a"], "properties": {"b": {"type": "integer"}, "a": {"type": "#
              + #""integer"}}}"#)
        ], variables: [:])
      let usage = try #require(found.json["usage"] as? [String: Any])
      #expect(usage["prompt_tokens"] as? Int == prompt.map(\.text).joined().utf8.count + "<think>\n".utf8.count - 6)
    }
  }

  @Test func `that can't be are refused`() async throws {
    let plain = models(reply, options: .init())
    try await withServer(plain) { server in
      let found = try await server.chat("\"tools\": [\(Self.tool)]")
      let error = try #require(found.json["error"] as? [String: Any])
      #expect(found.status == 400 && error["code"] as? String == "unsupported" && error["param"] as? String == "tools")
      #expect((error["message"] as? String)?.hasPrefix("The chat template of") == true)
    }
    let bad: [(members: String, param: String)] = [
      (#""tools": [{"type": "web"}]"#, "tools[0].function"), (#""tools": [{}]"#, "tools[0].function"),
      (#""tools": [{"type": "function", "function": {}}]"#, "tools[0].function.name"),
      ("\"tools\": [\(Self.tool), \(Self.tool)]", "tools[1]"),
      (#""tool_choice": "required""#, "tool_choice"), (#""tool_choice": "any""#, "tool_choice"),
      (
        "\"tools\": [\(Self.tool)], \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"x\"}}",
        "tool_choice.function.name"
      ),
    ]
    try await withServer(models(reply)) { server in
      for (members, param) in bad {
        let error = try await server.chat(members).json["error"] as? [String: Any]
        #expect(error?["param"] as? String == param, "\(members): \(error ?? [:])")
      }
      let conversations = [
        (#"{"role": "tool", "content": "3", "tool_call_id": "c1"}"#, "messages[1]"),
        (#"{"role": "tool", "content": "3"}"#, "messages[1].tool_call_id"),
        (
          #"{"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "[]"}}]}"#,
          "messages[1].tool_calls[0].function.arguments"
        ),
      ]
      for (message, param) in conversations {
        let body = #"{"model": "duo", "messages": [{"role": "user", "content": "Q"}, \#(message)]}"#
        let found = try await server.send("POST", "/v1/chat/completions", body)
        #expect((found.json["error"] as? [String: Any])?["param"] as? String == param, "\(found.body)")
      }
    }
  }

  @Test func `may follow an answer that is begun`() async throws {
    let large = ScriptedModel(name: "huge", scripts: ["": ["Hm.</think>", " 3.<|im_end|>"]])
    let pair = ServedPair(
      name: "duo", solver: Solver(large: Participant(large, format: .think)),
      gate: RunGate(places: [.large: 1], queue: 4),
      strategy: LargeOnly(), strategies: [])
    try await withServer(ServedModels(pairs: [pair])) { server in
      let body = """
        {"model": "duo", "messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "It is"}]}
        """
      let choice = try choice(await server.send("POST", "/v1/chat/completions", body))
      #expect((choice["message"] as? [String: Any])?["content"] as? String == "\n\nIt is 3.")
    }
  }
}
