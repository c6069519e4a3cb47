import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `A problem` {
  private let call = ToolCall(id: "1", name: "f", arguments: "{}")
  private var called: Message { Message(.assistant, "", toolCalls: [call]) }
  private let result = Message(.tool, "3", toolCallID: "1")

  private func json(_ problem: Problem) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(problem), as: UTF8.self)
  }

  @Test func `of a question is a conversation`() {
    let problem = Problem(question: "Q", instructions: "S", history: [Message(.user, "a"), Message(.assistant, "b")])
    #expect(
      problem.messages == [
        Message(.system, "S"), Message(.user, "a"), Message(.assistant, "b"), Message(.user, "Q"),
      ])
    #expect(problem.promptMessages == problem.messages && problem.answerBeginning.isEmpty)
  }

  @Test func `can be changed by its parts, whatever it ends with`() {
    let tail = [called, result, Message(.assistant, "So")]
    var problem = Problem(messages: [Message(.system, "S"), Message(.user, "a"), Message(.user, "Q")] + tail)
    #expect(problem.question == "Q" && problem.instructions == "S" && problem.history == [Message(.user, "a")])
    #expect(problem.answerBeginning == "So" && problem.promptMessages == Array(problem.messages.dropLast()))
    problem.question = "R"
    problem.history += [Message(.assistant, "b")]
    problem.instructions = nil
    #expect(problem.messages == [Message(.user, "a"), Message(.assistant, "b"), Message(.user, "R")] + tail)
    problem.answerBeginning = ""
    problem.instructions = "T"
    #expect(problem.messages.first == Message(.system, "T") && problem.messages.last == result)
    problem.answerBeginning = "Thus"
    #expect(problem.messages.last == Message(.assistant, "Thus"))
    var empty = Problem(messages: [])
    #expect(empty.question.isEmpty && empty.history.isEmpty && empty.instructions == nil)
    empty.question = "Q"
    empty.instructions = "S"
    #expect(empty == Problem(question: "Q", instructions: "S"))
  }

  @Test func `is read and written as ever, unless it is more than a question`() throws {
    let old = #"{"history":[{"content":"a","role":"user"}],"id":"7","instructions":"S","question":"Q"}"#
    let problem = try JSONDecoder().decode(Problem.self, from: Data(old.utf8))
    #expect(problem == Problem(id: "7", question: "Q", instructions: "S", history: [Message(.user, "a")]))
    #expect(try json(problem) == old)
    let tool = Tool(name: "f", description: "D")
    for messages in [
      [Message(.user, "Q"), called, result], [Message(.user, "Q"), Message(.assistant, "So")],
      [Message(.user, "Q", name: "Zoë")], [Message(.system, "S"), Message(.system, "T"), Message(.user, "Q")],
    ] {
      let problem = Problem(id: "8", messages: messages, tools: [tool])
      let written = try json(problem)
      #expect(try JSONDecoder().decode(Problem.self, from: Data(written.utf8)) == problem)
      #expect(written.contains(#""question":"Q""#))
    }
  }

  @Test func `must make sense`() async throws {
    let (question, answer) = (Message(.user, "Q"), Message(.assistant, "A"))
    let good: [[Message]] = [
      [question], [question, question], [question, answer, answer, question], [answer, question],
      [question, called, result], [question, called, result, answer], [question, answer],
      [question, Message(.assistant, "")],
      [question, called, result, question], [question, Message(.system, "S"), question],
    ]
    for messages in good { try Problem(messages: messages).validate() }
    let two = Message(.assistant, "", toolCalls: [call, ToolCall(id: "2", name: "g", arguments: "{}")])
    let bad: [([Message], String)] = [
      ([], "messages must have one of the user's."),
      ([Message(.system, "S"), answer], "messages must have one of the user's."),
      ([result, question], "messages[0] is the result of no call: its id must be that of a call directly before it."),
      ([question, called, result, result], "messages[3] is the result of no call"),
      ([question, called, Message(.tool, "3", toolCallID: "2")], "messages[2] is the result of no call"),
      ([question, called, Message(.tool, "3")], "messages[2] is the result of no call"),
      ([question, called], "messages[1] must be followed by the result of 'f'."),
      ([question, two, result], "messages[2] must be followed by the result of 'g'."),
      ([question, called, question], "messages[2] stands where the result of 'f' must be."),
      ([question, Message(.assistant, "", toolCalls: [call, call])], "messages[1] has two calls of tools"),
      ([question, Message(.assistant, "So", reasoning: "Hm.")], "messages[1] is the beginning of the answer"),
      ([Message(.user, "Q", toolCalls: [call])], "messages[0] has thinking or calls of tools"),
      ([Message(.user, "Q", toolCallID: "1")], "messages[0] has the id of a call"),
    ]
    for (messages, reason) in bad {
      let error = #expect(throws: ReasoningError.self, "\(reason)") { try Problem(messages: messages).validate() }
      #expect(error?.description.hasPrefix(reason) == true, "\(reason): \(error?.description ?? "")")
    }
    for tools in [[Tool(name: "")], [Tool(name: "f"), Tool(name: "f")]] {
      #expect(throws: ReasoningError.self) { try Problem(question: "Q", tools: tools).validate() }
    }
    // A run of one that does not says so before anything happens.
    var pair = Pair(small: ScriptedModel("A.</think>six<|im_end|>"))
    pair.problem = Problem(messages: [])
    let run = await pair.run(SmallOnly())
    #expect(run.error as? ReasoningError == .invalidSetting(name: "messages", reason: "must have one of the user's"))
    #expect(run.trace.events.isEmpty)
  }
}
