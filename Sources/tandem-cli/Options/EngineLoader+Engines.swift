import Foundation
import Synchronization
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemSetup

extension EngineLoader {
  /// GGUF files, run by llama.cpp in this process, and models of servers, which are spoken to as `servers` says.
  static func engines(_ servers: RunOptions.Servers?) -> EngineLoader {
    let (connections, files) = (ServerConnections(servers ?? .init()), InspectedFiles())
    return EngineLoader(
      inspect: { source in
        switch source {
        case .file(let url):
          let file = try files.inspect(url)
          return ModelFacts(trainedContext: file.trainedContext, fingerprint: String(file.fingerprint, radix: 16))
        case .server(let address, let vocabulary):
          return try await connections.facts(of: address, vocabulary: vocabulary)
        }
      },
      load: { setup in
        switch setup.source {
        case .file(let url):
          let file = try files.take(url)
          return try await LlamaEngine.loadWithWarnings(
            file, AttentionChoices().choose(for: file, LlamaParameters(setup), length: setup.usualLength))
        case .server(let address, let vocabulary):
          return try await connections.load(address, vocabulary: vocabulary, contextSize: setup.contextSize)
        }
      })
  }
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
      cache: setup.layout, cacheTypeK: setup.cacheTypeK, cacheTypeV: setup.cacheTypeV, cells: setup.cells,
      threads: setup.threads,
      gpuLayers: setup.gpuLayers, flashAttention: setup.flashAttention,
      isDeterministic: setup.isDeterministic)
  }
}
