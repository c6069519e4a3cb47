import Foundation
import TandemInference
import Testing

@Suite struct `A message` {
  private func json(_ message: Message) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(message), as: UTF8.self)
  }

  @Test func `of a role and a text is read and written as ever`() throws {
    let old = #"{"content":"Hi","role":"user"}"#
    let message = try JSONDecoder().decode(Message.self, from: Data(old.utf8))
    #expect(message == Message(.user, "Hi"))
    #expect(try json(message) == old)
  }

  @Test func `of a tool or with calls comes back as it was`() throws {
    let call = ToolCall(id: "1", name: "f", arguments: #"{"b": 1, "a": 2}"#)
    for message in [
      Message(.assistant, "", reasoning: "Hm.", toolCalls: [call]), Message(.tool, "3", toolCallID: "1", name: "f"),
    ] {
      #expect(try JSONDecoder().decode(Message.self, from: Data(json(message).utf8)) == message)
    }
  }
}

@Suite struct `A model without a template` {
  @Test func `can't be shown tools`() {
    let lost: [([Message], [Tool])] = [
      ([Message(.user, "Q")], [Tool(name: "f")]), ([Message(.tool, "3")], []),
      ([Message(.assistant, "", toolCalls: [ToolCall(id: "1", name: "f", arguments: "{}")])], []),
    ]
    for (messages, tools) in lost {
      let error = #expect(throws: EngineError.self) { try PlainTemplate().prompt(for: messages, tools: tools) }
      #expect(error?.description == "A model without a chat template can't do this: read tools.")
    }
    #expect(throws: Never.self) { try PlainTemplate().prompt(for: [Message(.system, "S"), Message(.user, "Q")]) }
  }
}
