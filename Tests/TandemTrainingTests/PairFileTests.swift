import Foundation
import TandemInference
import TandemLlama
import Testing

@testable import TandemTraining

@Suite struct `A file of pairs` {
  private func encoding(contextSize: Int = 512) throws -> (ChatEncoding, BytePairTokenizer) {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 50))
    let template = try JinjaTemplate(source: NanoFormat.chatTemplate, beginningOfText: "", endOfText: "<|im_end|>")
    return (try ChatEncoding(tokenizer, template, contextSize: contextSize), tokenizer)
  }

  private func documents(_ text: String, contextSize: Int = 512) async throws -> [TrainingDocument] {
    try await withFolder { folder in
      let path = "\(folder)/pairs.jsonl"
      try Data(text.utf8).write(to: URL(filePath: path))
      return try PairFile(path: path, encoding(contextSize: contextSize).0).documents
    }
  }

  private let good = #"""
    {"prompt": "Use 3, 7 to make 10.", "chosen": "<think>\n3 + 7", "rejected": "<think>\n3 * 7 = 21.", "note": 1}
    """#

  @Test func `has the chosen and the rejected answer of each line in turn, after the same prompt`() async throws {
    let conversation = #"""
      {"messages": [{"role": "user", "content": "Use 3, 7 to make 10."}], "chosen": "<think>\n3 + 7", "rejected": "<think>\n7"}
      """#
    let (_, tokenizer) = try encoding()
    let documents = try await documents(good + "\n" + conversation)
    #expect(documents.count == 4)
    let learnt = documents.map { document in
      tokenizer.decode(zip(document.tokens, document.weights).filter { $0.1 != 0 }.map { $0.0 })
    }
    #expect(learnt == ["3 + 7", "3 * 7 = 21.", "3 + 7", "7"])
    #expect(documents[0] == documents[2], "a prompt is one message of the user's")
  }

  @Test func `names the line and what is wrong in it`() async throws {
    let bad = [
      (#"{"prompt": "1", "chosen": "<think>a", "rejected": "<think>a"}"#, "equal, so nothing is preferred"),
      (#"{"prompt": "1", "chosen": "<think>a", "rejected": ""}"#, "an answer is empty"),
      (#"{"prompt": "1", "chosen": "<think>a"}"#, "rejected"),
      (#"{"chosen": "<think>a", "rejected": "<think>b"}"#, "it must have either a prompt or messages"),
      (#"{"messages": [{"role": "assistant", "content": "x"}], "chosen": "a", "rejected": "b"}"#, "must be the user's"),
      (#"{"prompt": "1", "chosen": "a", "rejected": "<think>b"}"#, "chosen: the message must begin with <think>"),
    ]
    for (line, words) in bad {
      do {
        _ = try await documents(good + "\n" + line)
        Issue.record("\(line) was accepted")
      } catch TrainingError.fileInvalid(let path, let reason) {
        #expect(path.hasSuffix("pairs.jsonl:2") && reason.contains(words), "\(path): \(reason)")
      }
    }
  }

  @Test func `names a text beyond the context, and a file without pairs`() async throws {
    let words = String(repeating: "3 + 7 ", count: 40)
    let long = #"{"prompt": "1", "chosen": "<think>a", "rejected": "<think>\#(words)"}"#
    await #expect {
      try await documents(good + "\n" + long, contextSize: 60)
    } throws: { error in
      "\(error)".contains("pairs.jsonl:2 can't be used: with rejected it has") && "\(error)".contains("the context 60")
    }
    await #expect {
      try await documents("\n")
    } throws: {
      "\($0)".contains("it has no pair")
    }
  }

  @Test func `is written as it is read`() async throws {
    try await withFolder { folder in
      let pairs = [AnswerPair([Message(.user, "1?")], chosen: "<think>\n1", rejected: "<think>\n2\n")]
      try AnswerPair.write(pairs, to: "\(folder)/p.jsonl")
      #expect(try AnswerPair.read("\(folder)/p.jsonl").map(\.pair) == pairs)
    }
  }
}
