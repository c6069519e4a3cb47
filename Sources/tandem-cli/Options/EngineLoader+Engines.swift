import Foundation
import Synchronization
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemRemote
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
          let report = try await connections.model(at: address, vocabulary: vocabulary).report
          return ModelFacts(
            trainedContext: report.contextSize, fingerprint: report.fingerprint, server: report.summary)
        }
      },
      load: { setup in
        switch setup.source {
        case .file(let url):
          let file = try files.take(url)
          return try await LlamaEngine.loadWithWarnings(
            file, AttentionChoices().choose(for: file, LlamaParameters(setup)))
        case .server(let address, let vocabulary):
          return try await connections.model(at: address, vocabulary: vocabulary).holding(setup.contextSize)
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

/// The models of servers that were connected to: each server is asked once what it is.
private actor ServerConnections {
  private let servers: RunOptions.Servers
  private var models: [ModelSource: RemoteModel] = [:]

  init(_ servers: RunOptions.Servers) { self.servers = servers }

  func model(at text: String, vocabulary url: URL) async throws -> RemoteModel {
    let source = ModelSource.server(address: text, vocabulary: url)
    if let model = models[source] { return model }
    let address = try RemoteAddress(parsing: text)
    let options = try servers.options(for: address)
    let vocabulary = try LlamaVocabulary(path: url.path)
    let model = try await RemoteModel.connect(
      to: address, options: options,
      vocabulary: RemoteVocabulary(tokenizer: vocabulary.tokenizer, template: vocabulary.template))
    if model.report.template == .differs, models[source] == nil {
      Console.write(
        "Warning: \(model.report.model) at \(model.report.server) has another chat template than \(url.lastPathComponent), "
          + "whose template is used.\n", to: .standardError)
    }
    models[source] = model
    return model
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
