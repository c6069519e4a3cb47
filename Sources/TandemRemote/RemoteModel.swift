import Foundation
import Synchronization
public import TandemInference

/// A model that a server runs: vLLM, llama-server or SGLang.
///
/// A session is a list of token ids, and each request sends them all: the server's cache is keyed by content, so what it
/// holds already costs nothing but the bytes. This process decides where a generation ends, from the ids, with the very
/// `StopRule` that engines in this process use; the server's own stops only save what would be written beyond.
public final class RemoteModel: LanguageModel {
  /// The model's name at the server, and the server's: `r1-32b@host:8000`.
  public let name: String
  /// What the probe found the server to do.
  public let capabilities: EngineCapabilities
  /// The vocabulary, which is in this process: the server's own tokenizer may turn a user's text into control tokens.
  public let tokenizer: any Tokenizer
  /// How messages become a prompt.
  public let template: any ChatTemplate
  /// The server's window.
  public let contextSize: Int
  /// The server, and what the probe found.
  public let report: ServerReport

  let dialect: any Dialect
  let options: RemoteOptions
  let transport: HTTPTransport
  let pool: CallPool
  private let vocabulary: RemoteVocabulary
  private let account = Mutex(Account())

  private struct Account {
    var engine = EngineCounters()
    var sessions = 0
  }

  init(
    report: ServerReport, dialect: any Dialect, options: RemoteOptions, transport: HTTPTransport, pool: CallPool,
    vocabulary: RemoteVocabulary, contextSize: Int? = nil
  ) {
    (self.report, self.dialect, self.options, self.transport, self.pool) = (report, dialect, options, transport, pool)
    name = report.name
    capabilities = report.capabilities
    tokenizer = vocabulary.tokenizer
    template = vocabulary.template
    self.contextSize = contextSize ?? report.contextSize
    self.vocabulary = vocabulary
    singleBytes = dialect is LlamaServerDialect ? Self.singleBytes(of: tokenizer) : [:]
  }

  private static func singleBytes(of tokenizer: any Tokenizer) -> [UInt8: Token] {
    let tokens = (0..<Int32(tokenizer.vocabulary.size)).lazy.map(Token.init(rawValue:))
    var (found, ambiguous) = ([UInt8: Token](), Set<UInt8>())
    for token in tokens {
      let bytes = tokenizer.bytes(of: token)
      guard bytes.count == 1 else { continue }
      if found.updateValue(token, forKey: bytes[0]) != nil { ambiguous.insert(bytes[0]) }
    }
    return found.filter { !ambiguous.contains($0.key) }
  }

  /// The only token of each byte.
  let singleBytes: [UInt8: Token]

  /// What its sessions count, since it was connected: tokens as an engine in this process would evaluate them, and what
  /// the server did.
  public var counters: EngineCounters { account.withLock { $0.engine } }

  /// The same model with a smaller window, over the same connections.
  ///
  /// Throws `invalidParameter` for a window that is larger than the server's.
  public func holding(_ contextSize: Int) throws(EngineError) -> RemoteModel {
    guard contextSize <= report.contextSize else {
      throw .invalidParameter(
        name: "contextSize",
        reason: "must be at most \(report.contextSize), which is what \(name) holds, not \(contextSize)")
    }
    return RemoteModel(
      report: report, dialect: dialect, options: options, transport: transport, pool: pool, vocabulary: vocabulary,
      contextSize: contextSize)
  }

  /// An empty session. Nothing is sent: a server makes room for a call, not for a session.
  ///
  /// Throws `unsupported` for a control vector, or an adapter whose name at the server is unknown.
  public func makeSession(adapter: Adapter?) async throws -> RemoteSession {
    try check(adapter)
    let number = account.withLock { account in
      account.sessions += 1
      return account.sessions
    }
    return RemoteSession(self, serving: try served(adapter), run: "\(report.client)-\(number)")
  }

  /// The name under which the server has the model with `adapter` on.
  private func served(_ adapter: Adapter?) throws(EngineError) -> String {
    guard let adapter, let lora = adapter.lora.first else { return report.model }
    guard adapter.lora.count == 1, lora.scale == 1 else {
      throw .unsupported(capability: "several adapters, or a scale other than 1", engine: name)
    }
    let served = options.adapters[lora.path] ?? lora.path
    guard report.adapters.contains(served) else {
      throw .invalidParameter(
        name: "lora",
        reason: "must be the name of an adapter at \(report.server) (\(report.adapters.joined(separator: ", "))), "
          + "not '\(served)'")
    }
    return served
  }

  func count(_ change: (inout EngineCounters) -> Void) { account.withLock { change(&$0.engine) } }
}

/// The vocabulary and the template of a served model, from a file in this process.
public struct RemoteVocabulary: Sendable {
  /// Text to tokens and back.
  public var tokenizer: any Tokenizer
  /// How messages become a prompt.
  public var template: any ChatTemplate

  /// A vocabulary with its template.
  public init(tokenizer: any Tokenizer, template: any ChatTemplate) {
    self.tokenizer = tokenizer
    self.template = template
  }
}
