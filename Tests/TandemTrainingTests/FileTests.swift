import Foundation
import TandemInference
import TandemLlama
import Testing

@testable import TandemTraining

@Suite struct `A model file` {
  @Test(arguments: [true, false]) func `gives back the model that was saved`(isTied: Bool) async throws {
    try await withFolder { folder in
      let model = try Llama(tinyConfiguration(isTied: isTied), seed: 1)
      try model.save("\(folder)/m.gguf", metadata: byteVocabulary())
      let (loaded, metadata) = try Llama.load("\(folder)/m.gguf")
      #expect(loaded.configuration == model.configuration)
      #expect(loaded.parameters.names == model.parameters.names)
      for (a, b) in zip(model.parameters.tensors, loaded.parameters.tensors) { #expect(try a.values() == b.values()) }
      for (key, value) in byteVocabulary() { #expect(metadata[key] == value, "\(key)") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.gguf"])
    }
  }

  @Test func `keeps all kinds of metadata`() async throws {
    try await withFolder { folder in
      let values: [String: GGUFValue] = [
        "a": .string("Übermut\n"), "b": .strings(["", "Ġ", "x y"]), "c": .bool(true), "d": .uint32(4_000_000_000),
        "e": .int32(-3), "f": .float32(0.1), "g": .uint32s([1, 2]), "h": .int32s([-1, 5]), "i": .float32s([0.5]),
      ]
      try TensorFile(tensors: ["t": Tensor([1], shape: [1])], metadata: values).write(to: "\(folder)/a.gguf", .gguf)
      let read = try TensorFile(path: "\(folder)/a.gguf", .gguf)
      for (key, value) in values { #expect(read.metadata[key] == value, "\(key)") }
    }
  }

  @Test func `that is none is refused`() async throws {
    try await withFolder { folder in
      try Data("GGML".utf8).write(to: URL(filePath: "\(folder)/bad.gguf"))
      #expect(failure { _ = try Llama.load("\(folder)/bad.gguf") } != nil)
      #expect(failure { _ = try Llama.load("\(folder)/none.gguf") } != nil)
      #expect(failure { _ = try Checkpoint(path: "\(folder)/bad.gguf") } != nil)
      let model = try Llama(tinyConfiguration(), seed: 1)
      #expect(failure { try model.save("\(folder)/no/such/folder.gguf", metadata: [:]) } != nil)
    }
  }

  @Test func `of another architecture is refused by its name`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/m.gguf"
      try TensorFile(tensors: ["t": Tensor([1], shape: [1])], metadata: ["general.architecture": .string("qwen2")])
        .write(to: path, .gguf)
      let expected = TrainingError.fileInvalid(
        path: path, reason: "its architecture is qwen2, and only llama can be trained")
      #expect(failure { _ = try Llama.load(path) } == expected)
    }
  }
}

@Suite struct `A quantised model file` {
  @Test(arguments: Quantization.allCases)
  func `is read, or refused with the number formats that are`(format: Quantization) async throws {
    try await withFolder { folder in
      let configuration = LlamaConfiguration(
        vocabularySize: 300, embeddingLength: 32, blockCount: 1, headCount: 4, feedForwardLength: 64, contextLength: 64)
      try Llama(configuration, seed: 1).save("\(folder)/m.gguf", metadata: byteVocabulary())
      try format.convert(from: "\(folder)/m.gguf", to: "\(folder)/q.gguf")
      let error = failure { _ = try Llama.load("\(folder)/q.gguf") }
      let reason = "it has tensors in a number format that can't be trained; F32, F16, Q8_0, Q4_0 and Q4_1 can"
      #expect(error == (format == .q4_K_M ? .fileInvalid(path: "\(folder)/q.gguf", reason: reason) : nil))
    }
  }
}

@Suite struct `The trainer and the engine` {
  /// The engine's logits after `tokens`.
  private func engineLogits(_ path: String, _ tokens: [Token]) async throws -> [Float] {
    let engine = try await LlamaEngine.load(
      path,
      LlamaParameters(
        contextSize: 64, sequences: 1, cacheTypeK: .f32, cacheTypeV: .f32, batchSize: 64, isDeterministic: true))
    let session = try await engine.makeSession(adapter: nil)
    try await session.extend(to: tokens)
    return try await session.logits()
  }

  /// The trainer's logits after `tokens`.
  private func logits(_ model: Llama, _ tokens: [Token]) throws -> [Float] {
    let ids = try Tensor(integers: tokens.map(\.rawValue), shape: [tokens.count])
    let positions = try Tensor(integers: tokens.indices.map(Int32.init), shape: [1, tokens.count])
    let all = try model.logits(model.states(ids, positions)).values()
    return Array(all.suffix(model.configuration.vocabularySize))
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test(arguments: Llama.FileFormat.allCases) func `agree on the logits of a model that was trained`(
    format: Llama.FileFormat
  ) async throws {
    try await withFolder { folder in
      // llama.cpp wants rows of at least 32 numbers for Q8_0, and heads of an even size.
      let configuration = LlamaConfiguration(
        vocabularySize: 300, embeddingLength: 32, blockCount: 2, headCount: 4, keyHeadCount: 2, headLength: 8,
        feedForwardLength: 64, contextLength: 64)
      var trainer = try Trainer(Llama(configuration, seed: 1), countingDocuments(), tinyOptions(steps: 100))
      while try trainer.step() != nil {}
      try trainer.model.save("\(folder)/m.gguf", as: format, metadata: byteVocabulary())
      let tokens: [Token] = [5, 6, 7, 8, 9, 10]
      let (own, engine) = try await (logits(trainer.model, tokens), engineLogits("\(folder)/m.gguf", tokens))
      #expect(distance(own, engine) < (format == .f32 ? 1e-3 : 2e-2))
      #expect(own.indices.max { own[$0] < own[$1] } == 11)
      try Quantization.q8_0.convert(from: "\(folder)/m.gguf", to: "\(folder)/q.gguf")
      #expect(try await distance(own, engineLogits("\(folder)/q.gguf", tokens)) < 0.3)
    }
  }

  @Test func `agree on the chances of tokens where others pad the vocabulary`() async throws {
    try await withFolder { folder in
      let configuration = LlamaConfiguration(
        vocabularySize: 300, embeddingLength: 32, blockCount: 1, headCount: 4, feedForwardLength: 64, contextLength: 64)
      var metadata = byteVocabulary()
      metadata["tokenizer.ggml.token_type"] = .int32s(
        (0..<300).map { $0 < 256 ? 1 : $0 < 258 ? 3 : BytePairVocabulary.Kind.unused.rawValue })
      let path = "\(folder)/m.gguf"
      try Llama(configuration, seed: 1).save(path, metadata: metadata)
      let tokens: [Token] = [5, 6, 7, 8, 9, 10]
      let (model, _) = try Llama.load(path)
      let own = try model.logProbabilities(
        of: [TrainingDocument(tokens: tokens, weights: tokens.indices.map { $0 < 2 ? 0 : 1 })], rowLength: 64)[0]
      for (index, expected) in own.enumerated() {
        let row = try await engineLogits(path, Array(tokens.prefix(2 + index)))
        #expect(row[258...].allSatisfy { $0 == -.infinity })
        let sum = row.reduce(0) { $0 + Double(exp($1)) }
        let difference = Double(row[Int(tokens[2 + index].rawValue)]) - log(sum) - Double(expected)
        #expect(abs(difference) < 1e-4, "of 42 tokens that do not exist each has the chance of any other")
      }
    }
  }

  private static let smol = ProcessInfo.processInfo.environment["TANDEM_MODELS"]
    .map { "\($0)/SmolLM2-135M-Instruct.Q4_1.gguf" }.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }

  @Test(.enabled(if: smol != nil)) func `agree on a real model, read from a quantised file`() async throws {
    let path = try #require(Self.smol)
    let (model, metadata) = try Llama.load(path)
    let vocabulary = try #require(metadata["tokenizer.ggml.tokens"]?.strings)
    let tokens = try ["The", "Ġcapital", "Ġof", "ĠFrance", "Ġis"].map { word in
      Token(rawValue: Int32(try #require(vocabulary.firstIndex(of: word))))
    }
    let (own, engine) = try await (logits(model, tokens), engineLogits(path, tokens))
    let best = try #require(own.indices.max { own[$0] < own[$1] })
    #expect(vocabulary[best] == "ĠParis")
    #expect(distance(own, engine) < 1, "the engine rounds activations to 8 bits for Q4_1")
  }
}
