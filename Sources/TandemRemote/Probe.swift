import Foundation
import TandemInference

/// Finds out what a server is, by what its calls do: both vLLM and llama-server answer 200 to fields that they ignore.
struct Probe {
  let address: RemoteAddress
  let options: RemoteOptions
  let transport: HTTPTransport
  let vocabulary: RemoteVocabulary

  /// Everything that tokenizers differ in.
  static let text =
    "Use 3, 17 and 2048 to make 1.5e-3.\n\n\tif x == \"y\":\r\n        return  x\n\nWait — naïve café, 数学は楽しい, Привет, "
    + "🙂👩‍🔬 = 100%! <think> a </think> <|im_end|> [INST] \\boxed{7} it's I'LL"

  struct Findings {
    var report: ServerReport
    var dialect: any Dialect
  }

  /// Asks the server. Throws `EngineError` with what would be right.
  func run() async throws -> Findings {
    let served = try await models()
    let model = try choose(from: served)
    let kind = try await dialect(of: model)
    var report = ServerReport(
      server: transport.server, dialect: kind.dialect.name, version: kind.version, model: model.id,
      models: served.map(\.id), adapters: [], contextSize: try await contextSize(of: model, kind.dialect),
      vocabulary: .unchecked, capabilities: kind.dialect.capabilities, missing: [],
      client: "tandem-" + String(UInt32.random(in: 0 ... .max), radix: 36))
    var dialect = kind.dialect
    if var llama = dialect as? LlamaServerDialect {
      llama.adapters = try await numberedAdapters()
      report.adapters = llama.adapters.keys.sorted()
      dialect = llama
    } else {
      report.adapters = served.filter { $0.parent == model.id }.map(\.id)
    }
    report.vocabulary = try await checkVocabulary(model.id, dialect)
    try await checkTokens(model.id, dialect)
    try await checkEffects(model.id, dialect, &report)
    return Findings(report: report, dialect: dialect)
  }

  // MARK: - Which model, which server

  struct Served: Decodable {
    var id: String
    var ownedBy: String?
    var parent: String?
    var maxModelLen: Int?
  }

  private struct List: Decodable { var data: [Served] }

  private func models() async throws -> [Served] {
    try await read(List.self, RemoteRequest(path: "/v1/models")).data
  }

  private func choose(from served: [Served]) throws(EngineError) -> Served {
    let names = served.map(\.id).joined(separator: ", ")
    if let wanted = address.model {
      guard let found = served.first(where: { $0.id == wanted }) else {
        throw .refused(server: transport.server, status: 404, reason: "it has no model '\(wanted)'. It serves: \(names)")
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
    let version = try? await read(Version.self, RemoteRequest(path: "/version")).version
    switch model.ownedBy {
    case "vllm": return (VLLMDialect(), version)
    case "llamacpp": return (LlamaServerDialect(), version)
    case "sglang": return (SGLangDialect(), version)
    default:
      throw EngineError.unsupported(
        capability: "token ids in completions (vLLM, llama-server and SGLang have them; this one says it is "
          + "'\(model.ownedBy ?? "nothing")')", engine: transport.server)
    }
  }

  private struct Properties: Decodable {
    var defaultGenerationSettings: Settings?

    struct Settings: Decodable { var nCtx: Int? }
  }

  private func contextSize(of model: Served, _ dialect: any Dialect) async throws -> Int {
    if let size = model.maxModelLen, size > 0 { return size }
    if dialect is LlamaServerDialect,
      let size = try await read(Properties.self, RemoteRequest(path: "/props")).defaultGenerationSettings?.nCtx, size > 0
    {
      return size
    }
    throw EngineError.badResponse(server: transport.server, reason: "it does not say how large its context is")
  }

  private struct NumberedAdapter: Decodable {
    var id: Int
    var path: String
  }

  /// llama-server's adapters, by the names of their files without an ending.
  private func numberedAdapters() async throws -> [String: Int] {
    let list = try await read([NumberedAdapter].self, RemoteRequest(path: "/lora-adapters"))
    return Dictionary(
      list.map { (URL(filePath: $0.path).deletingPathExtension().lastPathComponent, $0.id) }) { first, _ in first }
  }

  // MARK: - The vocabulary

  private struct TokenizeVLLM: Encodable {
    var model: String
    var prompt: String
    var addSpecialTokens = false
  }

  private struct TokenizeLlama: Encodable {
    var content: String
    var addSpecial = false
    var parseSpecial = true
  }

  private struct Tokenized: Decodable { var tokens: [Token] }

  private func checkVocabulary(
    _ model: String, _ dialect: any Dialect
  ) async throws -> ServerReport.VocabularyCheck {
    let request =
      dialect is LlamaServerDialect
      ? try RemoteRequest(path: "/tokenize", body: TokenizeLlama(content: Self.text))
      : try RemoteRequest(path: "/tokenize", body: TokenizeVLLM(model: model, prompt: Self.text))
    let theirs: [Token]
    do {
      theirs = try await read(Tokenized.self, request).tokens
    } catch EngineError.refused(_, status: 404, _) { return .unchecked }
    let ours = try vocabulary.tokenizer.encode(Self.text, control: .recognised)
    guard ours == theirs else {
      let place = ours.commonPrefixCount(with: theirs)
      throw EngineError.invalidParameter(
        name: "tokenizer",
        reason: "is not the one of \(model) at \(transport.server): the tokens of a test text differ from number \(place) "
          + "on. Give a GGUF file with the server's vocabulary")
    }
    return .confirmed
  }

  // MARK: - Effects

  private var prompt: [Token] {
    get throws { try vocabulary.tokenizer.encode("Two and two make", control: .asText) }
  }

  private func call(_ model: String, limit: Int = 2) throws -> CompletionCall {
    CompletionCall(model: model, prompt: try prompt, sampling: .greedy, seed: 1, limit: limit)
  }

  /// Sees that token ids come in streams, as many as were asked for.
  private func checkTokens(_ model: String, _ dialect: any Dialect) async throws {
    let found = try await complete(try call(model), dialect)
    guard found.tokens.count + found.missing > 0 else {
      throw EngineError.badResponse(server: transport.server, reason: "a completion of two tokens had none")
    }
  }

  /// Takes away what has no effect.
  private func checkEffects(_ model: String, _ dialect: any Dialect, _ report: inout ServerReport) async throws {
    let forced = try vocabulary.tokenizer.encode(" 7", control: .asText).last ?? 0
    var biased = try call(model, limit: 1)
    biased.bias = [forced: 100]
    if try await complete(biased, dialect).tokens.first?.token != forced {
      report.capabilities.subtract(.bias)
      report.missing.append("bias: 'logit_bias' has no effect")
    }
    if report.capabilities.contains(.score) {
      do {
        let targets = [[forced, try prompt[0]]]
        var answers: [RemoteResponse] = []
        for request in try dialect.scores(try call(model), [try prompt], targets) {
          answers.append(try await transport.send(request))
        }
        _ = try dialect.scores(from: answers, targets)
      } catch let fault as RemoteFault {
        report.capabilities.subtract(.score)
        report.missing.append("score: \(fault.reason)")
      }
    }
    // With the bias, so that the token is a whole character: llama-server reports nothing for any other.
    var reporting = biased
    reporting.alternatives = options.reportedTokens
    do {
      let first = try await complete(reporting, dialect).tokens.first
      guard (first?.alternatives.count ?? 0) >= options.reportedTokens else {
        throw EngineError.badResponse(server: transport.server, reason: "it reports fewer tokens than were asked for")
      }
      report.capabilities.insert(.alternatives)
    } catch let error as EngineError {
      report.missing.append("alternatives: \(error)")
    }
    if report.adapters.isEmpty { report.capabilities.subtract(.adapters) }
  }

  private func complete(
    _ call: CompletionCall, _ dialect: any Dialect
  ) async throws -> (tokens: [ReportedToken], missing: Int) {
    let stream = transport.stream(try dialect.completion(call))
    var (tokens, missing) = ([ReportedToken](), 0)
    do {
      while let data = try await stream.next() {
        guard let event = try dialect.event(data, received: tokens.count + missing) else { continue }
        tokens += event.tokens
        missing += event.missing?.count ?? 0
        if let usage = event.usage, usage.prompt != call.prompt.count {
          throw RemoteFault("it read \(usage.prompt) tokens, and was sent \(call.prompt.count)")
        }
      }
    } catch let fault as RemoteFault {
      throw EngineError.badResponse(server: transport.server, reason: fault.reason)
    }
    return (tokens, missing)
  }

  private func read<Value: Decodable>(_ type: Value.Type, _ request: RemoteRequest) async throws -> Value {
    do {
      return try await transport.send(request).decoded(type)
    } catch let fault as RemoteFault {
      throw EngineError.badResponse(server: transport.server, reason: fault.reason)
    }
  }
}

extension RemoteModel {
  /// Asks the server at `address` what it is, and returns its model.
  ///
  /// - Parameters:
  ///   - parallel: How many calls the server has at once. All models of one host share the places.
  ///   - vocabulary: That of the model, which the server confirms.
  ///
  /// Throws `EngineError`: `unreachable`, `unauthorized`, `refused`, or `invalidParameter` for another vocabulary.
  public static func connect(
    to address: RemoteAddress, options: RemoteOptions = RemoteOptions(), parallel: Int = 64,
    vocabulary: RemoteVocabulary
  ) async throws -> RemoteModel {
    let transport = try HTTPTransport(address, options)
    let found = try await Probe(address: address, options: options, transport: transport, vocabulary: vocabulary).run()
    return RemoteModel(
      report: found.report, dialect: found.dialect, options: options, transport: transport,
      pool: .shared(by: transport.host, limit: parallel), vocabulary: vocabulary)
  }
}
