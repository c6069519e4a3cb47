import Foundation
import TandemInference

/// Finds out what a server is, by what its calls do: both vLLM and llama-server answer 200 to fields that they ignore.
struct Probe {
  let address: RemoteAddress
  let options: RemoteOptions
  let transport: HTTPTransport
  /// What the server's is compared with; nil to find out the rest without.
  let vocabulary: RemoteVocabulary?

  struct Findings {
    var report: ServerReport
    var dialect: any Dialect
  }

  /// Asks the server. Throws `EngineError` with what would be right.
  func run() async throws -> Findings {
    let served = try await models()
    let model = try choose(from: served)
    let kind = try await dialect(of: model)
    var dialect = kind.dialect
    let properties =
      dialect is LlamaServerDialect ? try await read(Properties.self, RemoteRequest(path: "/props")) : nil
    var report = ServerReport(
      server: transport.server, dialect: dialect.name, version: kind.version ?? properties?.buildInfo, model: model.id,
      models: served.map(\.id), adapters: [], contextSize: 0, slots: properties?.totalSlots, facts: model.facts,
      vocabulary: .notCompared, template: .notCompared, capabilities: dialect.capabilities, missing: [],
      client: "tandem-" + String(UInt32.random(in: 0 ... .max), radix: 36))
    guard let size = model.maxModelLen ?? properties?.defaultGenerationSettings?.nCtx, size > 0 else {
      throw EngineError.badResponse(server: transport.server, reason: "it does not say how large its context is")
    }
    report.contextSize = size
    if var llama = dialect as? LlamaServerDialect {
      llama.adapters = try await numberedAdapters()
      report.adapters = llama.adapters.keys.sorted()
      dialect = llama
    } else {
      report.adapters = served.filter { $0.parent == model.id }.map(\.id)
    }
    if let vocabulary {
      report.vocabulary = try await check(vocabulary, of: model.id, dialect)
      report.template = await check(vocabulary.template, vocabulary.tokenizer, of: model.id, dialect)
    }
    let call = CompletionCall(
      model: model.id, prompt: try await tokens(of: "Two and two make", model.id, dialect), sampling: .greedy, seed: 1,
      limit: 2)
    try await checkTokens(call, dialect)
    try await checkEffects(call, dialect, &report)
    return Findings(report: report, dialect: dialect)
  }

  // MARK: - Which model, which server

  struct Served: Decodable {
    var id: String
    var ownedBy: String?
    var parent: String?
    var maxModelLen: Int?
    /// Where vLLM and SGLang have it from.
    var root: String?
    var meta: Meta?

    /// What llama-server read in the file.
    struct Meta: Decodable {
      var nVocab: Int?
      var nEmbd: Int?
      var nParams: Int?
      var size: Int?
    }

    var facts: [String] {
      let numbers = [
        ("vocabulary", meta?.nVocab), ("embedding", meta?.nEmbd), ("parameters", meta?.nParams), ("bytes", meta?.size),
      ]
      return [root.map { "root \($0)" }].compactMap(\.self)
        + numbers.compactMap { name, value in value.map { "\(name) \($0)" } }
    }
  }

  private struct List: Decodable { var data: [Served] }

  private func models() async throws -> [Served] {
    try await read(List.self, RemoteRequest(path: "/v1/models")).data
  }

  private func choose(from served: [Served]) throws(EngineError) -> Served {
    let names = served.map(\.id).joined(separator: ", ")
    if let wanted = address.model {
      guard let found = served.first(where: { $0.id == wanted }) else {
        throw .refused(
          server: transport.server, status: 404, reason: "it has no model '\(wanted)'. It serves: \(names)")
      }
      return found
    }
    let bases = served.filter { $0.parent == nil }
    guard let only = bases.first, bases.count == 1 else {
      throw .invalidParameter(name: "address", reason: "must name one of the server's models after '#': \(names)")
    }
    return only
  }

  private struct Version: Decodable { var version: String? }

  private func dialect(of model: Served) async throws -> (dialect: any Dialect, version: String?) {
    switch model.ownedBy {
    case "llamacpp": return (LlamaServerDialect(), nil)
    case "vllm": return (VLLMDialect(), try? await read(Version.self, RemoteRequest(path: "/version")).version)
    case "sglang": return (SGLangDialect(), nil)
    default:
      throw EngineError.unsupported(
        capability: "token ids in completions (vLLM, llama-server and SGLang have them; this one says it is "
          + "'\(model.ownedBy ?? "nothing")')", engine: transport.server)
    }
  }

  private struct Properties: Decodable {
    var defaultGenerationSettings: Settings?
    var totalSlots: Int?
    var buildInfo: String?

    struct Settings: Decodable { var nCtx: Int? }
  }

  private struct NumberedAdapter: Decodable {
    var id: Int
    var path: String
  }

  /// llama-server's adapters, by the names of their files without an ending.
  private func numberedAdapters() async throws -> [String: Int] {
    let list = try await read([NumberedAdapter].self, RemoteRequest(path: "/lora-adapters"))
    return Dictionary(
      list.map { (URL(filePath: $0.path).deletingPathExtension().lastPathComponent, $0.id) }
    ) { first, _ in first }
  }

  func read<Value: Decodable>(_ type: Value.Type, _ request: RemoteRequest) async throws -> Value {
    do {
      return try await transport.send(request).decoded(type)
    } catch let fault as RemoteFault {
      throw EngineError.badResponse(server: transport.server, reason: fault.reason)
    }
  }
}
