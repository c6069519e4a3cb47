#if Servers
import FoundationEssentials
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemRemote
import TandemSetup

extension ServerConnections {
  /// A line about the server at `address`.
  static func summary(of address: String, _ servers: RunOptions.Servers?) async throws -> String {
    try await report(of: address, servers).summary
  }

  /// What the server at `address` is and can do.
  ///
  /// - Parameter tokenizer: A model whose vocabulary is compared with the server's.
  static func description(
    of address: String, _ servers: RunOptions.Servers?, tokenizer: String?, in store: ModelStore
  ) async throws -> StyledText {
    try await ServerDescription(report(of: address, servers, tokenizer: tokenizer, in: store)).text
  }

  private static func report(
    of address: String, _ servers: RunOptions.Servers?, tokenizer: String? = nil, in store: ModelStore = ModelStore()
  ) async throws -> ServerReport {
    let address = try RemoteAddress(parsing: address)
    let options = try (servers ?? .init()).options(for: address)
    guard let tokenizer else { return try await RemoteModel.report(of: address, options: options) }
    let vocabulary = try LlamaVocabulary(path: store.url(of: ModelReference(parsing: tokenizer)).path)
    return try await RemoteModel.connect(
      to: address, options: options,
      vocabulary: RemoteVocabulary(tokenizer: vocabulary.tokenizer, template: vocabulary.template)
    ).report
  }
}

/// A server as `tandem models info` shows it, with what works there and what does not.
struct ServerDescription {
  private let report: ServerReport

  init(_ report: ServerReport) { self.report = report }

  var text: StyledText {
    var rows = [
      ("server", report.server), ("kind", report.dialect + (report.version.map { " " + $0 } ?? "")),
      ("model", report.model), ("serves", report.models.joined(separator: ", ")),
      ("adapters", report.adapters.isEmpty ? "none" : report.adapters.joined(separator: ", ")),
      ("window", "\(report.contextSize) tokens"),
    ]
    if let slots = report.slots { rows.append(("calls at once", "\(slots)")) }
    rows += report.facts.map { ("says", $0) }
    rows += [
      ("vocabulary", report.vocabulary.rawValue), ("template", report.template.rawValue),
      ("can", report.capabilities.names.joined(separator: ", ")),
    ]
    rows += report.missing.map { ("can't", $0) }
    let width = rows.map(\.0.count).max() ?? 0
    let facts = rows.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
    }
    return StyledText(facts.joined() + "\n") + strategies
  }

  private var strategies: StyledText {
    var table = Table(["STRATEGY", "WORKS", "NEEDS OF THE SERVER'S MODEL"])
    for type in Strategies.all {
      let use = ServerUse(type.init().needs, report.capabilities)
      table.add([type.name, use.works ? "yes" : "no", use.needs])
    }
    return table.text
  }
}

/// Whether what a strategy needs of its models is there.
struct ServerUse {
  let works: Bool
  /// What is needed; what is not there is marked.
  let needs: String

  init(_ needs: [Role: EngineCapabilities], _ capabilities: EngineCapabilities) {
    let all = needs.values.reduce(EngineCapabilities()) { $0.union($1) }
    let lacking = capabilities.lacking(all)
    works = lacking.isEmpty
    self.needs = all.names.map { lacking.names.contains($0) ? "\($0) (not there)" : $0 }.joined(separator: ", ")
  }
}
#endif
