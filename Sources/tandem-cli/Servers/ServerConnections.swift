#if Servers
import Foundation
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemRemote
import TandemSetup

/// The models of servers that were connected to: each server is asked once what it is.
actor ServerConnections {
  private let servers: RunOptions.Servers
  private var models: [ModelSource: RemoteModel] = [:]

  init(_ servers: RunOptions.Servers) { self.servers = servers }

  func facts(of address: String, vocabulary: URL) async throws -> ModelFacts {
    let report = try await model(at: address, vocabulary: vocabulary).report
    return ModelFacts(trainedContext: report.contextSize, fingerprint: report.fingerprint, server: report.summary)
  }

  func load(_ address: String, vocabulary: URL, contextSize: Int) async throws -> any LanguageModel {
    try await model(at: address, vocabulary: vocabulary).holding(contextSize)
  }

  private func model(at text: String, vocabulary url: URL) async throws -> RemoteModel {
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

extension RunOptions.Servers {
  /// How the server at `address` is spoken to. Throws for a key that is not where it should be.
  func options(for address: RemoteAddress) throws -> RemoteOptions {
    let usual = RemoteOptions()
    return RemoteOptions(
      key: try key(for: address), certificates: certificates, proxy: proxy,
      connectTimeout: connectTimeout ?? usual.connectTimeout, readTimeout: readTimeout ?? usual.readTimeout,
      patience: patience ?? usual.patience, reportedTokens: reportedTokens ?? usual.reportedTokens,
      looksAhead: looksAhead ?? usual.looksAhead, warmsUp: warmsUp ?? usual.warmsUp)
  }

  private func key(for address: RemoteAddress) throws -> String? {
    let environment = ProcessInfo.processInfo.environment
    if let keyFile { return try key(for: address, in: keyFile) }
    guard let keyVariable else { return environment["TANDEM_SERVER_KEY"].flatMap { $0.isEmpty ? nil : $0 } }
    guard let key = environment[keyVariable], !key.isEmpty else {
      throw SetupError.invalidOption(
        name: "servers.keyVariable", reason: "names the environment variable \(keyVariable), which is not set")
    }
    return key
  }

  /// The key of a file with nothing else, or the one beside the server's address; nil if the server is not there.
  private func key(for address: RemoteAddress, in path: String) throws -> String? {
    let text = String(decoding: try UserFile.contents(of: path), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.split(whereSeparator: \.isWhitespace) }
      .filter { $0.first.map { !$0.hasPrefix("#") } ?? false }
    if lines.count == 1, lines[0].count == 1 { return String(lines[0][0]) }
    for (number, words) in lines.enumerated() {
      guard words.count == 2, let known = try? RemoteAddress(parsing: String(words[0])) else {
        throw SetupError.invalidFile(
          path: path, reason: "line \(number + 1) is not an address and a key, http://host:8000 KEY")
      }
      if known.server == address.server { return String(words[1]) }
    }
    return nil
  }
}
#endif
