import Foundation
import TandemInference
import Testing

@testable import TandemLlama

@Suite struct `Text that mentions a marker` {
  /// The nano vocabulary: "<think>" is user-defined, "<|im_end|>" a control token, "\n\n" user-defined and mere text.
  @Test(arguments: ["</think>", "<think>", "a</think>b", "<|im_end|>", "<|im_end|></think>", "</think></think>"])
  func `is spelled in ordinary tokens`(text: String) async throws {
    let tokenizer = try await nanoEngine().tokenizer
    let tokens = try tokenizer.encode(text, control: .asText)
    #expect(tokens.allSatisfy { $0.rawValue > 5 }, "\(tokens)")
    #expect(tokenizer.decode(tokens) == text)
    #expect(try tokenizer.encode("</think>", control: .recognised) == [4])
  }

  @Test func `leaves white space as it is`() async throws {
    let tokenizer = try await nanoEngine().tokenizer
    #expect(try tokenizer.encode("\n\n", control: .asText) == [5])
  }

  /// The types that a file can give "</think>".
  @Test(arguments: [1, 3, 4] as [UInt32]) func `does not depend on the type of its token`(type: UInt32) async throws {
    var image = try GGUFImage.nanoSmall()
    try image.setTokenType(of: 4, type)
    let engine = try await nanoEngine(Scratch.file(image.bytes()))
    let tokens = try engine.tokenizer.encode("So</think>", control: .asText)
    #expect(!tokens.contains(4) && tokens.count > 2)
  }

  /// R1-Distill-Qwen's own vocabulary on random weights, made by `real-vocabulary`; see `Models.realVocabulary`.
  @Test(
    .enabled(if: Models.realVocabulary != nil, "there is no model with R1's vocabulary: see scripts/real-vocabulary"))
  func `is spelled in ordinary tokens of R1's vocabulary`() async throws {
    let engine = try await nanoEngine(try #require(Models.realVocabulary))
    let tokenizer = engine.tokenizer
    for text in ["x</think>", "<think>", "<｜User｜>", "<｜end▁of▁sentence｜>", "<|im_end|>", "<tool_call>", "<|fim_pad|>"]
    {
      let tokens = try tokenizer.encode(text, control: .asText)
      #expect(tokens.allSatisfy { $0.rawValue < 151_643 }, "\(text) has a token beyond the ordinary ones: \(tokens)")
      #expect(tokenizer.decode(tokens) == text)
    }
    let plain = try tokenizer.encode("x</thunk>", control: .asText).count
    #expect(abs(try tokenizer.encode("x</think>", control: .asText).count - plain) <= 2)
    #expect(try tokenizer.encode("</think>", control: .recognised).count == 1)
  }
}

@Suite struct `Tokens that do not exist` {
  @Test func `are never sampled, nor proposed, nor counted as likely`() async throws {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession()
    try await session.extend(to: prompt(for: engine))
    let written = try await session.sample(request(40)).map(\.token)

    // The same model, with the tokens that it writes first marked as padding.
    let missing = Set(written.prefix(3))
    var image = try GGUFImage.nanoSmall()
    for token in missing { try image.setTokenType(of: Int(token.rawValue), 5) }
    let other = try await nanoEngine(Scratch.file(image.bytes()))
    let padded = try await other.makeSession()
    try await padded.extend(to: prompt(for: engine))
    let row = try await padded.logits()
    #expect(missing.allSatisfy { row[Int($0.rawValue)] == -.infinity })
    for sampling in [SamplingParameters.greedy, .init(temperature: 1, topP: 1), .init(temperature: 1, topP: 0.9)] {
      try await padded.extend(to: prompt(for: engine))
      var request = request(60, sampling: sampling)
      (request.alternatives, request.watched) = (5, written[0])
      let sampled = try await padded.sample(request)
      #expect(missing.isDisjoint(with: sampled.map(\.token)))
      #expect(missing.isDisjoint(with: sampled.flatMap(\.alternatives).map(\.token)))
      #expect(sampled.allSatisfy { $0.watched?.logProbability == -.infinity })
    }
  }
}

@Suite struct `A model file` {
  @Test func `says that it names no pre-tokenizer`() throws {
    var image = try GGUFImage.nanoSmall()
    #expect(try GGUFFile(path: Models.nanoSmall).warnings == [])
    image.values.removeAll { $0.key == "tokenizer.ggml.pre" }
    let warnings = try GGUFFile(path: Scratch.file(image.bytes())).warnings
    #expect(warnings.count == 1 && warnings[0].contains("tokenizer.ggml.pre"))
  }

  @Test func `says that it has templates for special uses only`() throws {
    var image = try GGUFImage.nanoSmall()
    image.values.removeAll { $0.key == "tokenizer.chat_template" }
    image.set("tokenizer.chat_template.rag", text: "{{ messages }}")
    let file = try GGUFFile(path: Scratch.file(image.bytes()))
    #expect(file.warnings.count == 1 && file.warnings[0].contains("rag") && !file.hasChatTemplate)
  }

  @Test func `with an empty template has none`() async throws {
    var image = try GGUFImage.nanoSmall()
    image.set("tokenizer.chat_template", text: "")
    let engine = try await nanoEngine(Scratch.file(image.bytes()))
    #expect(engine.template is PlainTemplate && !engine.file.hasChatTemplate)
  }

  @Test func `whose template leaves the question out is refused a prompt`() async throws {
    let silent = try JinjaTemplate(source: "You are a poet.", beginningOfText: "", endOfText: "")
    #expect(throws: EngineError.templateFailed(reason: "it leaves out what the user wrote")) {
      try silent.prompt(for: [Message(.user, "Why?")])
    }
    let trimming = try JinjaTemplate(
      source: "{% for m in messages %}{{ m.content | trim }}{% endfor %}", beginningOfText: "", endOfText: "")
    #expect(try trimming.prompt(for: [Message(.user, "  Why?\n")]).map(\.text) == ["Why?"])
    #expect(try silent.prompt(for: [Message(.user, " ")]).count == 1, "there is no question to leave out")
  }

  @Test func `in several parts is counted as one`() throws {
    let image = try GGUFImage.nanoSmall()
    let folder = try Scratch.shared.get().folder.appending(path: "split-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let paths = (1...2).map { folder.appending(path: "nano-0000\($0)-of-00002.gguf").path }
    for (part, path) in zip(image.split(), paths) { try Data(part.bytes()).write(to: URL(filePath: path)) }
    let (whole, split) = (try GGUFFile(path: Models.nanoSmall), try GGUFFile(path: paths[0]))
    #expect(split.parameterCount == whole.parameterCount)
    #expect(split.shape == whole.shape)
    #expect(split.byteCount > whole.byteCount)
    #expect(
      throws: EngineError.modelInvalid(path: paths[1], reason: "it is part 2 of a model: give the first, \(paths[0])")
    ) {
      try GGUFFile(path: paths[1])
    }
    let before = split.fingerprint
    var second = [UInt8](try Data(contentsOf: URL(filePath: paths[1])))
    for place in second.count - 4000..<second.count { second[place] ^= 1 }
    try Data(second).write(to: URL(filePath: paths[1]))
    #expect(try GGUFFile(path: paths[0]).fingerprint != before)
    try FileManager.default.removeItem(atPath: paths[1])
    #expect(throws: EngineError.modelNotFound(path: paths[1])) { try GGUFFile(path: paths[0]) }
  }
}

extension GGUFImage {
  /// Gives a token another type in `tokenizer.ggml.token_type`, an array of 32-bit numbers.
  mutating func setTokenType(of token: Int, _ type: UInt32) throws {
    let index = try #require(values.firstIndex { $0.key == "tokenizer.ggml.token_type" })
    values[index].bytes.replaceSubrange(12 + 4 * token..<16 + 4 * token, with: Self.little(type))
  }

  /// Two files of half the tensors each.
  func split() -> [Self] {
    let middle = tensors.count / 2
    let cut = Int(tensors[middle].offset)
    var (first, second) = (self, self)
    first.tensors = Array(tensors[..<middle])
    first.data = Array(data[..<cut])
    second.tensors = tensors[middle...].map { tensor in
      var tensor = tensor
      tensor.offset -= UInt64(cut)
      return tensor
    }
    second.data = Array(data[cut...])
    second.values = []
    for (key, type, first16, second16) in [("split.no", UInt32(2), 0, 1), ("split.count", 2, 2, 2)] {
      first.set(key, type, Self.little(UInt16(first16)))
      second.set(key, type, Self.little(UInt16(second16)))
    }
    first.set("split.tensors.count", 5, Self.little(Int32(tensors.count)))
    second.set("split.tensors.count", 5, Self.little(Int32(tensors.count)))
    return [first, second]
  }
}
