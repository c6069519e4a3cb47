import FoundationEssentials
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
