import FoundationEssentials
import Synchronization
import TandemCommandLine
import TandemLlama
import TandemSetup

extension EngineLoader {
  /// GGUF files, run by llama.cpp in this process.
  static let llama: EngineLoader = {
    let files = InspectedFiles()
    return EngineLoader(
      inspect: { url in
        let file = try files.inspect(url)
        return ModelFacts(trainedContext: file.trainedContext, fingerprint: String(file.fingerprint, radix: 16))
      },
      load: { setup in
        try await LlamaEngine.loadWithWarnings(try files.take(setup.url), LlamaParameters(setup))
      })
  }()
}

/// The descriptions of files that were inspected and not loaded yet, so that none is read twice.
private final class InspectedFiles: Sendable {
  private let files = Mutex<[URL: GGUFFile]>([:])

  func inspect(_ url: URL) throws -> GGUFFile {
    let file = try GGUFFile(path: url.path)
    files.withLock { $0[url] = file }
    return file
  }

  func take(_ url: URL) throws -> GGUFFile {
    try files.withLock { $0.removeValue(forKey: url) } ?? GGUFFile(path: url.path)
  }
}

extension LlamaParameters {
  init(_ setup: ModelSetup) {
    self.init(
      contextSize: setup.contextSize, extendsContext: setup.extendsContext, sequences: setup.sequences,
      cells: setup.cells, threads: setup.threads, gpuLayers: setup.gpuLayers, flashAttention: setup.flashAttention,
      isDeterministic: setup.isDeterministic)
  }
}
