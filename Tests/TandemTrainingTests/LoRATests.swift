import Foundation
import TandemInference
import TandemLlama
import TandemModels
import Testing

@testable import TandemTraining

/// An adapter whose B is not 0, so that it changes something.
func noisyAdapter(_ configuration: LoRAConfiguration, for model: Llama, seed: UInt64 = 9) throws -> LoRA {
  var adapter = try LoRA(configuration, for: model, seed: seed)
  var tensors: [Tensor] = []
  for (index, tensor) in adapter.parameters.tensors.enumerated() {
    tensors.append(try noise(tensor.shape, seed: seed &+ UInt64(index), spread: 0.2))
  }
  adapter.parameters = adapter.parameters.with(tensors)
  return adapter
}

/// The trainer's logits after `tokens`.
func logits(_ model: Llama, _ tokens: [Token]) throws -> [Float] {
  let ids = try Tensor(integers: tokens.map(\.rawValue), shape: [tokens.count])
  let positions = try Tensor(integers: tokens.indices.map(Int32.init), shape: [1, tokens.count])
  return Array(try model.logits(model.states(ids, positions)).values().suffix(model.configuration.vocabularySize))
}

func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

private let everything = LoRAConfiguration(rank: 4, alpha: 8, dropout: 0, targets: LoRAConfiguration.Target.allCases)
private let tokens: [Token] = [5, 6, 7, 8, 9, 10]

@Suite struct `An adapter` {
  @Test func `changes nothing at first`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let adapted = try model.with(LoRA(everything, for: model, seed: 2))
    #expect(try logits(adapted, tokens) == logits(model, tokens))
  }

  @Test(arguments: [[.queries, .values], [.keys], [.output, .up], LoRAConfiguration.Target.allCases])
  func `is the same as its updates merged into the matrices`(targets: [LoRAConfiguration.Target]) throws {
    var model = try Llama(tinyConfiguration(), seed: 1)
    for kernels in [Kernels.fused, .composed] {
      model.kernels = kernels
      let configuration = LoRAConfiguration(rank: 3, alpha: 7, dropout: 0, targets: targets)
      let adapted = try model.with(noisyAdapter(configuration, for: model))
      let own = try logits(adapted, tokens)
      #expect(try distance(own, logits(adapted.merged(), tokens)) < 1e-4)
      #expect(try distance(own, logits(model, tokens)) > 1e-2)
    }
  }

  @Test func `learns while its model stays as it is`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let configuration = LoRAConfiguration(rank: 4, alpha: 16, dropout: 0.1, targets: LoRAConfiguration.Target.allCases)
    var trainer = try Trainer(
      model.with(LoRA(configuration, for: model, seed: 2)), countingDocuments(), tinyOptions(steps: 150))
    var losses: [Float] = []
    while let progress = try trainer.step() { losses.append(progress.loss) }
    #expect(losses[149] < losses[0] - 1)
    for (a, b) in zip(model.parameters.tensors, trainer.model.parameters.tensors) {
      #expect(try a.values() == b.values())
    }
    #expect(trainer.optimizer.first.count == trainer.model.trained.names.count)
  }

  @Test func `continues from a checkpoint bit for bit, dropout included, and only on its own model`() async throws {
    try await withFolder { folder in
      let model = try Llama(tinyConfiguration(), seed: 1)
      let configuration = LoRAConfiguration(rank: 2, alpha: 4, dropout: 0.2)
      func trainer() throws -> Trainer {
        try Trainer(model.with(LoRA(configuration, for: model, seed: 2)), countingDocuments(), tinyOptions())
      }
      func losses(_ trainer: inout Trainer, _ count: Int = .max) throws -> [UInt32] {
        var losses: [UInt32] = []
        while losses.count < count, let progress = try trainer.step() { losses.append(progress.loss.bitPattern) }
        return losses
      }
      var (whole, first) = (try trainer(), try trainer())
      let expected = try losses(&whole)
      let begun = try losses(&first, 7)
      let path = "\(folder)/c.safetensors"
      try first.checkpoint.write(to: path)
      let checkpoint = try Checkpoint(path: path)
      #expect(Set(checkpoint.parameters.names) == Set(configuration.shapes(for: model.configuration).map { $0.name }))
      var second = try Trainer(resuming: checkpoint, from: path, countingDocuments(), on: model)
      #expect(try begun + losses(&second) == expected)
      var other = try Trainer(Llama(tinyConfiguration(), seed: 2), countingDocuments(), tinyOptions(steps: 2))
      _ = try other.step()
      #expect(failure { _ = try checkpoint.model(on: other.model) } != nil)
      #expect(failure { _ = try checkpoint.model(on: nil) } != nil)
    }
  }

  @Test func `drops its inputs as often as it says, the same ones for one seed`() throws {
    let ones = try Tensor([Float](repeating: 1, count: 10_000), shape: [100, 100])
    let values = try ones.droppingOut(0.25, seed: 1).values()
    #expect(abs(values.count { $0 == 0 } - 2500) < 200)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(try ones.droppingOut(0.25, seed: 1).values() == values)
    #expect(try ones.droppingOut(0.25, seed: 2).values() != values)
  }

  @Test func `must have a size that its model has room for`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    for bad in [
      LoRAConfiguration(rank: 0), .init(rank: 13), .init(alpha: 0), .init(alpha: .nan), .init(dropout: 1),
      .init(targets: []), .init(targets: [.keys, .keys]),
    ] {
      #expect(failure { _ = try LoRA(bad, for: model, seed: 1) } != nil)
    }
  }
}

@Suite struct `An adapter's file` {
  @Test func `gives back the adapter that was saved`() async throws {
    try await withFolder { folder in
      let model = try Llama(tinyConfiguration(), seed: 1)
      let adapter = try noisyAdapter(LoRAConfiguration(rank: 2, dropout: 0, targets: [.keys, .down]), for: model)
      try adapter.save("\(folder)/a.gguf", metadata: ["general.name": .string("a")])
      let loaded = try LoRA.load("\(folder)/a.gguf", for: model)
      #expect(loaded.configuration == adapter.configuration)
      #expect(loaded.base == adapter.base)
      #expect(try logits(model.with(loaded), tokens) == logits(model.with(adapter), tokens))
    }
  }

  @Test func `is refused by any other model`() async throws {
    try await withFolder { folder in
      let model = try Llama(tinyConfiguration(), seed: 1)
      try noisyAdapter(everything, for: model).save("\(folder)/a.gguf")
      var trainer = try Trainer(model, countingDocuments(), tinyOptions(steps: 2))
      _ = try trainer.step()
      guard case .fileInvalid(_, let reason) = failure({ _ = try LoRA.load("\(folder)/a.gguf", for: trainer.model) })
      else {
        Issue.record("an adapter of other weights was accepted")
        return
      }
      #expect(reason.contains("made for another model"))
      let wide = LlamaConfiguration(
        vocabularySize: 300, embeddingLength: 32, blockCount: 2, headCount: 4, keyHeadCount: 2, headLength: 8,
        feedForwardLength: 24)
      #expect(failure { _ = try LoRA.load("\(folder)/a.gguf", for: Llama(wide, seed: 1)) } != nil)
      try model.save("\(folder)/m.gguf", metadata: [:])
      #expect(failure { _ = try LoRA.load("\(folder)/m.gguf", for: model) } != nil)
    }
  }

  @Test func `is whole or as it was where the disk is full`() async throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    try await withFolder { folder in
      let model = try Llama(tinyConfiguration(), seed: 1)
      var trainer = try Trainer(
        model.with(noisyAdapter(everything, for: model)), countingDocuments(), tinyOptions(steps: 2))
      let (adapter, checkpoint) = ("\(folder)/a.gguf", "\(folder)/c.safetensors")
      try trainer.model.adapter?.save(adapter)
      try trainer.checkpoint.write(to: checkpoint)
      let before = [adapter, checkpoint].map { FileManager.default.contents(atPath: $0) }
      _ = try trainer.step()
      for partial in [adapter + ".partial.gguf", checkpoint + ".partial.safetensors"] {
        try FileManager.default.createSymbolicLink(atPath: partial, withDestinationPath: "/dev/full")
      }
      #expect(failure { try trainer.model.adapter?.save(adapter) } != nil)
      #expect(failure { try trainer.checkpoint.write(to: checkpoint) } != nil)
      #expect([adapter, checkpoint].map { FileManager.default.contents(atPath: $0) } == before)
    }
  }
}

@Suite struct `An adapter in the engine` {
  /// The engine's logits after `tokens`, without and with the adapter.
  private func engineLogits(_ path: String, _ adapter: String, _ tokens: [Token]) async throws -> [[Float]] {
    let engine = try await LlamaEngine.load(
      path,
      LlamaParameters(
        contextSize: 64, sequences: 2, cacheTypeK: .f32, cacheTypeV: .f32, batchSize: 64, isDeterministic: true))
    var rows: [[Float]] = []
    for adapter in [nil, Adapter(lora: [.init(path: adapter)])] {
      let session = try await engine.makeSession(adapter: adapter)
      try await session.extend(to: tokens)
      rows.append(try await session.logits())
    }
    return rows
  }

  /// Grouped queries, and heads whose rotated pairs a wrong order of rows would tear apart.
  private let grouped = LlamaConfiguration(
    vocabularySize: 300, embeddingLength: 32, blockCount: 2, headCount: 4, keyHeadCount: 2, headLength: 8,
    feedForwardLength: 64, contextLength: 64)

  @Test(arguments: [[.queries, .values], LoRAConfiguration.Target.allCases])
  func `gives the trainer's logits`(targets: [LoRAConfiguration.Target]) async throws {
    try await withFolder { folder in
      let model = try Llama(grouped, seed: 1)
      let adapted = try model.with(
        noisyAdapter(LoRAConfiguration(rank: 4, alpha: 8, dropout: 0, targets: targets), for: model))
      try model.save("\(folder)/m.gguf", metadata: byteVocabulary())
      try adapted.adapter?.save("\(folder)/a.gguf")
      let rows = try await engineLogits("\(folder)/m.gguf", "\(folder)/a.gguf", tokens)
      #expect(try distance(logits(model, tokens), rows[0]) < 1e-3)
      #expect(try distance(logits(adapted, tokens), rows[1]) < 1e-3)
      #expect(distance(rows[0], rows[1]) > 0.1)
    }
  }

  @Test(arguments: ["nano-small.gguf", "nano-large.gguf"])
  func `gives the trainer's logits for the nano models`(name: String) async throws {
    try await withFolder { folder in
      // The file has F16 matrices, with which llama.cpp would round activations too.
      let (model, metadata) = try Llama.load(NanoResources.url(of: name).path)
      let adapted = try model.with(noisyAdapter(everything, for: model))
      try model.save("\(folder)/m.gguf", metadata: metadata)
      try adapted.adapter?.save("\(folder)/a.gguf")
      let (own, found) = (
        try logits(adapted, tokens), try await engineLogits("\(folder)/m.gguf", "\(folder)/a.gguf", tokens)[1]
      )
      // The engine never samples padding, whose logits are -∞ there.
      let used = found.indices.filter { found[$0] > -.infinity }
      #expect(used.count > 100 && own.count == found.count)
      #expect(distance(used.map { own[$0] }, used.map { found[$0] }) < 1e-3)
    }
  }

  private static let smol = ProcessInfo.processInfo.environment["TANDEM_MODELS"]
    .map { "\($0)/SmolLM2-135M-Instruct.Q8_0.gguf" }.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }

  @Test(.enabled(if: smol != nil)) func `gives the trainer's logits for the first blocks of a real model`() async throws
  {
    let path = try #require(Self.smol)
    try await withFolder { folder in
      let (whole, metadata) = try Llama.load(path)
      var configuration = whole.configuration
      configuration.blockCount = 2
      let model = Llama(
        configuration,
        parameters: try Parameters(
          configuration.shapes,
          from: Dictionary(uniqueKeysWithValues: zip(whole.parameters.names, whole.parameters.tensors))))
      let adapted = try model.with(noisyAdapter(everything, for: model))
      try model.save("\(folder)/m.gguf", metadata: metadata)
      try adapted.adapter?.save("\(folder)/a.gguf")
      let rows = try await engineLogits("\(folder)/m.gguf", "\(folder)/a.gguf", [504, 3575, 282, 4649, 314])
      let own = try logits(adapted, [504, 3575, 282, 4649, 314])
      #expect(distance(own, rows[1]) < 1e-3)
    }
  }

  @Test func `is refused for a model of another shape`() async throws {
    try await withFolder { folder in
      let model = try Llama(grouped, seed: 1)
      var wider = grouped
      wider.feedForwardLength = 96
      let other = try Llama(wider, seed: 1)
      try model.save("\(folder)/m.gguf", metadata: byteVocabulary())
      try noisyAdapter(everything, for: other).save("\(folder)/a.gguf")
      await #expect(throws: EngineError.self) {
        _ = try await engineLogits("\(folder)/m.gguf", "\(folder)/a.gguf", tokens)
      }
    }
  }
}

@Suite struct `A loss with several right tokens` {
  @Test func `is that of the likeliest`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let prompt: [Token] = [3, 4, 5, 6]
    func loss(_ label: Token, _ others: [Token] = []) throws -> Float {
      let document = TrainingDocument(tokens: prompt + [label], weights: [0, 0, 0, 0, 1], alternatives: others)
      return try model.loss(of: TokenBatch(rows: [[document]], length: 8)).item()
    }
    let single = try [10, 11, 12].map { try loss($0) }
    let smallest = try #require(single.min())
    #expect(try abs(loss(10, [11, 12]) - smallest) < 1e-6)
    #expect(try abs(loss(12, [10, 11]) - smallest) < 1e-6)
    #expect(try loss(10, [11]) == min(single[0], single[1]))
  }

  @Test func `tells its token from its candidates alone`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let prompt: [Token] = [3, 4, 5, 6]
    let row = try logits(model, prompt)
    let document = TrainingDocument(tokens: prompt + [10], weights: [0, 0, 0, 0, 1], candidates: [10, 11, 12])
    let loss = try model.loss(of: TokenBatch(rows: [[document, TrainingDocument(tokens: [1, 2])]], length: 8)).item()
    let other = try model.loss(of: TokenBatch(rows: [[TrainingDocument(tokens: [1, 2])]], length: 8)).item()
    let expected = log((10...12).reduce(0) { $0 + exp(Double(row[$1])) }) - Double(row[10])
    #expect(abs(Double(loss - other) - expected) < 1e-4)
    let wrong = TrainingDocument(tokens: prompt + [10], weights: [0, 0, 0, 0, 1], candidates: [11])
    #expect(failure { _ = try Trainer(model, [wrong], tinyOptions()) } != nil)
  }

  @Test func `of one document leaves those beside it alone`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let plain = TrainingDocument(tokens: [1, 2, 3, 4])
    let choice = TrainingDocument(tokens: [3, 4, 10], weights: [0, 0, 1], alternatives: [11])
    func loss(_ documents: [TrainingDocument]) throws -> Float {
      try model.loss(of: TokenBatch(rows: [documents], length: 8)).item()
    }
    #expect(try abs(loss([choice, plain]) - loss([choice]) - loss([plain])) < 1e-4)
  }
}
