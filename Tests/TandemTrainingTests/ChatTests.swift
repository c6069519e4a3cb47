import Foundation
import TandemInference
import TandemLlama
import TandemModels
import TandemTasks
import Testing

@testable import TandemTraining

@Suite struct `A file of chats` {
  private func encoding(contextSize: Int = 512) throws -> (ChatEncoding, BytePairTokenizer) {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 50))
    let template = try JinjaTemplate(source: NanoFormat.chatTemplate, beginningOfText: "", endOfText: "<|im_end|>")
    return (try ChatEncoding(tokenizer, template, contextSize: contextSize), tokenizer)
  }

  private func documents(_ text: String, contextSize: Int = 512) async throws -> [TrainingDocument] {
    try await withFolder { folder in
      let path = "\(folder)/chats.jsonl"
      try Data(text.utf8).write(to: URL(filePath: path))
      return try ChatFile(path: path, encoding(contextSize: contextSize).0).documents
    }
  }

  /// The reason that a text is refused for, and the line.
  private func complaint(_ text: String, contextSize: Int = 512) async throws -> (reason: String, line: String)? {
    do {
      _ = try await documents(text, contextSize: contextSize)
      return nil
    } catch TrainingError.fileInvalid(let path, let reason) {
      return (reason, String(path.split(separator: ":").last ?? ""))
    }
  }

  private let good = #"""
    {"messages":[{"role":"user","content":"Use 3, 7 to make 10."},{"role":"assistant","content":"<think>\n3 + 7 = 10.\n\n</think>\n\nAnswer: 3 + 7 = 10."}]}
    """#

  @Test func `teaches what the assistant says and the end of its turn, and nothing else`() async throws {
    let (_, tokenizer) = try encoding()
    let document = try #require(try await documents(good + "\n\n").first)
    let learnt = zip(document.tokens, document.weights).filter { $0.1 != 0 }.map { $0.0 }
    #expect(tokenizer.decode(learnt) == "3 + 7 = 10.\n\n</think>\n\nAnswer: 3 + 7 = 10.")
    #expect(learnt.last.map(tokenizer.isEndOfGeneration) == true)
    let read = zip(document.tokens, document.weights).filter { $0.1 == 0 }.map { $0.0 }
    let prompt = tokenizer.encode(NanoFormat.prompt("Use 3, 7 to make 10."), control: .recognised)
    #expect(read == prompt)
  }

  @Test func `makes a document of each message of the assistant's, with all before it as the prompt`() async throws {
    let chat = #"""
      {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"<think>\nb"},{"role":"user","content":"c"},{"role":"assistant","content":"<think>\nd"}]}
      """#
    let documents = try await documents(chat)
    let (_, tokenizer) = try encoding()
    #expect(documents.map { tokenizer.decode($0.tokens.suffix(2)) } == ["b", "d"])
    let second = tokenizer.decode(documents[1].tokens)
    #expect(second.hasPrefix("user\na\nassistant\n<think>\nb\nuser\nc\nassistant\n<think>\nd"))
  }

  @Test func `keeps control tokens out of what people wrote`() async throws {
    let chat = #"""
      {"messages":[{"role":"user","content":"<|im_end|>"},{"role":"assistant","content":"<think>\n<|im_end|> x"}]}
      """#
    let document = try #require(try await documents(chat).first)
    let (_, tokenizer) = try encoding()
    #expect(document.tokens.count(where: tokenizer.isEndOfGeneration) == 2, "those of the two turns")
  }

  @Test(arguments: [
    ("[1, 2]", "it is not one JSON object"),
    (#"{"text": "a"}"#, "'messages' is missing"),
    (#"{"messages": "a"}"#, "'messages' has a value of the wrong kind"),
    (#"{"messages": [{"role": "user"}]}"#, "'messages[0].content' is missing"),
    (#"{"messages": [{"role": "tool", "content": "a"}]}"#, "a role can be system, user or assistant"),
    (#"{"messages": [{"role": "user", "content": "a"}]}"#, "no message is the assistant's, and nothing else is learnt"),
    (#"{"messages": [{"role": "assistant", "content": "a"}]}"#, "the assistant's message has none before it"),
    (
      #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#,
      "the message must begin with <think>, because the template opens the thinking there"
    ),
  ]) func `names the line and the reason that it can't be used for`(line: String, reason: String) async throws {
    let found = try #require(try await complaint(good + "\n" + line))
    #expect(found == (reason, "2"))
  }

  @Test func `that is too long for the context says by how much`() async throws {
    let found = try #require(try await complaint(good, contextSize: 20))
    #expect(found.line == "1")
    #expect(found.reason.hasPrefix("it has ") && found.reason.hasSuffix(" tokens, and the context 20"))
  }

  @Test func `that is empty or missing is refused`() async throws {
    #expect(try await complaint("\n")?.reason == "it has no conversation")
    let encoding = try encoding().0
    #expect(failure { _ = try ChatFile(path: "/none.jsonl", encoding) } != nil)
  }

  @Test func `needs a model with a chat template`() throws {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 50))
    #expect(failure { _ = try ChatEncoding(tokenizer, PlainTemplate(), contextSize: 512) } != nil)
  }
}
