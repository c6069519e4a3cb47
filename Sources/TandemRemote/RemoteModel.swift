import Foundation
import Synchronization
public import TandemInference

/// A model that a server runs: vLLM, llama-server or SGLang.
///
/// A session is a list of token ids, and each request sends them all: the server's cache is keyed by content, so what it
/// holds already costs nothing but the bytes. This process decides where a generation ends, from the ids, with the very
/// `StopRule` that engines in this process use; the server's own stops only save what would be written beyond.
public final class RemoteModel: LanguageModel {
  /// The model's name at the server.
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
  private let account = Mutex(Account())

  private struct Account {
    var engine = EngineCounters()
    var server = ServerCounters()
    var sessions = 0
  }

  init(
    report: ServerReport, dialect: any Dialect, options: RemoteOptions, transport: HTTPTransport, pool: CallPool,
    vocabulary: RemoteVocabulary
  ) {
    (self.report, self.dialect, self.options, self.transport, self.pool) = (report, dialect, options, transport, pool)
    name = report.model
    capabilities = report.capabilities
    tokenizer = vocabulary.tokenizer
    template = vocabulary.template
    contextSize = report.contextSize
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

  /// What its sessions count, since it was connected: tokens as an engine in this process would evaluate them.
  public var counters: EngineCounters { account.withLock { $0.engine } }

  /// What the server reports of its own work, and the seconds on the wire.
  public var serverCounters: ServerCounters { account.withLock { $0.server } }

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
    guard let adapter, let lora = adapter.lora.first else { return name }
    guard adapter.lora.count == 1, lora.scale == 1 else {
      throw .unsupported(capability: "several adapters, or a scale other than 1", engine: "\(dialect.name) (\(name))")
    }
    guard let served = options.adapters[lora.path] else {
      throw .invalidParameter(
        name: "adapters", reason: "has no name at the server for \(lora.path); it has \(report.adapters)")
    }
    guard report.adapters.contains(served) else {
      throw .invalidParameter(
        name: "adapters", reason: "names '\(served)', and the server has \(report.adapters)")
    }
    return served
  }

  func count(_ change: (inout EngineCounters) -> Void) { account.withLock { change(&$0.engine) } }

  func countServer(_ change: (inout ServerCounters) -> Void) { account.withLock { change(&$0.server) } }
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
