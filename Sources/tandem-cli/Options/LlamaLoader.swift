import Foundation
import TandemCommandLine
import TandemLlama
import TandemSetup

extension EngineLoader {
  /// GGUF files, run by llama.cpp in this process.
  static let llama = EngineLoader(
    inspect: { url in
      let file = try GGUFFile(path: url.path)
      return ModelFacts(trainedContext: file.trainedContext, fingerprint: String(file.fingerprint, radix: 16))
    },
    load: { setup in
      try await LlamaEngine.loadWithWarnings(setup.url.path, LlamaParameters(setup))
    })
}

extension LlamaParameters {
  init(_ setup: ModelSetup) {
    self.init(
      contextSize: setup.contextSize, extendsContext: setup.extendsContext, sequences: setup.sequences,
      cells: setup.cells, threads: setup.threads, gpuLayers: setup.gpuLayers, flashAttention: setup.flashAttention,
      isDeterministic: setup.isDeterministic)
  }
}

extension LlamaEngine {
  /// Loads a model, and writes on standard error what its file lacks.
  static func loadWithWarnings(_ path: String, _ parameters: LlamaParameters) async throws -> LlamaEngine {
    let engine = try await load(path, parameters)
    for warning in engine.file.warnings { Console.write("Warning: \(path): \(warning)\n", to: .standardError) }
    return engine
  }
}
