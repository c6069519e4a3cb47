import Foundation
import TandemInference
import TandemTasks
import TandemTraining
import Testing

@testable import TandemLlama

@Suite struct `The tokenizer and llama.cpp's` {
  private let engine: LlamaEngine
  private let tokenizer: BytePairTokenizer

  init() async throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/TandemModels/Nano/nano-small.gguf").standardizedFileURL.path
    engine = try await LlamaEngine.load(path, LlamaParameters(contextSize: 64, sequences: 1))
    tokenizer = BytePairTokenizer(try Self.vocabulary(of: path))
  }

  @Test func `are the same vocabulary`() {
    #expect(tokenizer.vocabulary == engine.tokenizer.vocabulary)
  }

  @Test func `encode generated documents alike`() throws {
    var documents = CountdownDocuments(seed: 11)
    for _ in 0..<80 {
      let document = documents.next()
      let text =
        NanoFormat.prompt(document.question) + document.thoughts.map { $0.text + "\n\n" }.joined()
        + "</think>\n\n" + document.answer + "<|im_end|>"
      #expect(try tokenizer.encode(text, control: .recognised) == engine.tokenizer.encode(text, control: .recognised))
      // A document is encoded piece by piece, and is the same tokens.
      #expect(TrainingDocument(document, tokenizer).tokens == tokenizer.encode(text, control: .recognised))
    }
  }

  @Test(arguments: [
    "", " ", "   a", "a  b \n c\n\n\nd", "<|im_start|>user\n<think>x</think><|im_end|>", "\n\n\n\n", "<think",
    "it's they'll",
    "'re're", "naïve 多 3½ ² \u{1f469}\u{200d}\u{1f4bb}", "\u{a0}\u{2003}x\u{3000}", "12abc!?..", "\t\t1\t",
    "<|im_end|><|im_",
  ])
  func `encode any text alike`(_ text: String) throws {
    for control in [ControlTokens.recognised, .asText] {
      let tokens = tokenizer.encode(text, control: control)
      #expect(try tokens == engine.tokenizer.encode(text, control: control))
      #expect(tokens.map(tokenizer.bytes(of:)) == tokens.map(engine.tokenizer.bytes(of:)))
    }
  }

  @Test func `encode random text alike`() throws {
    let pieces = [
      " ", "  ", "\n", "\n\n", "a", "Try", "'s", "'", "10", " 2", "=", ".", "é", "多", "²", "\t", "<think>", "</think>",
      "<|im_end|>", "<", "\u{a0}", "\u{1f4bb}", "e\u{301}", " Correct", "Wait,",
    ]
    var draws = SplitMix64(seed: 12)
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 1...20, using: &draws)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &draws)]
      }.joined()
      #expect(
        try tokenizer.encode(text, control: .recognised) == engine.tokenizer.encode(text, control: .recognised),
        "\(text.debugDescription)")
    }
  }

  @Test func `prompt as the file's template does`() throws {
    let parts = try engine.template.render(
      [Message(.user, "Use 3, 4 to make 12.")], variables: ["add_generation_prompt": .flag(true)])
    #expect(parts.map(\.text).joined() == NanoFormat.prompt("Use 3, 4 to make 12."))
  }

  /// Read with llama.cpp's own functions, which know nothing of ours.
  private static func vocabulary(of path: String) throws -> BytePairVocabulary {
    guard let header = GGUFHeader(path: path) else {
      throw EngineError.modelInvalid(path: path, reason: "it can't be read")
    }
    var (tokens, merges) = ([String](), [String]())
    _ = header.forEachText(of: "tokenizer.ggml.tokens") {
      tokens.append(String(decoding: $1, as: UTF8.self))
      return true
    }
    _ = header.forEachText(of: "tokenizer.ggml.merges") {
      merges.append(String(decoding: $1, as: UTF8.self))
      return true
    }
    #expect(header.text("tokenizer.chat_template") == NanoFormat.chatTemplate)
    let kinds = tokens.enumerated().map { id, text -> BytePairVocabulary.Kind in
      text.hasPrefix("<unused") ? .unused : id < 3 ? .control : id < 6 ? .userDefined : .normal
    }
    return try BytePairVocabulary(tokens: tokens, kinds: kinds, merges: merges)
  }
}
