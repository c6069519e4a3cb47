import FoundationEssentials
public import TandemInference

#if canImport(Glibc)
import class Foundation.Thread
#else
import Foundation
#endif

/// A GGUF model in this process, run by llama.cpp: weights, one context, and one decode loop on a thread of its own.
public final class LlamaEngine: LanguageModel {
  /// The file's name without its ending.
  public let name: String
  /// The file's own.
  public let tokenizer: any Tokenizer
  /// The file's own; plain for a base model.
  public let template: any ChatTemplate
  /// The most tokens that one session can hold.
  public let contextSize: Int
  /// How it was set up.
  public let parameters: LlamaParameters
  /// What the file says of itself.
  public let file: GGUFFile
  /// Its sizes; nil for an architecture that has other parts than a Llama.
  public var shape: ModelShape? { file.shape }
  /// All but proposals if the model is recurrent, and all otherwise.
  public let capabilities: EngineCapabilities
  let weights: LlamaWeights
  let inbox: Inbox
  private let ended: Gate

  /// Loads a model file and makes its context.
  ///
  /// Throws `modelNotFound`, `modelUnreadable`, `modelInvalid`, `invalidParameter` or `templateFailed`; nothing stays
  /// loaded then.
  public static func load(_ path: String, _ parameters: LlamaParameters = .init()) async throws -> LlamaEngine {
    try await load(parameters) { () throws(EngineError) in try GGUFFile(path: path) }
  }

  /// The same for a model whose description was read before: that of a real vocabulary takes a tenth of a second.
  public static func load(_ file: GGUFFile, _ parameters: LlamaParameters = .init()) async throws -> LlamaEngine {
    try await load(parameters) { file }
  }

  private static func load(
    _ parameters: LlamaParameters, _ file: @escaping @Sendable () throws(EngineError) -> GGUFFile
  ) async throws -> LlamaEngine {
    try parameters.validate()
    let (inbox, ended) = (Inbox(), Gate())
    let model = try await start(file, parameters, inbox, ended)
    return LlamaEngine(model, inbox, ended)
  }

  /// What is known of a model once it is loaded.
  private struct Model: Sendable {
    let file: GGUFFile
    let parameters: LlamaParameters
    let weights: LlamaWeights
    let tokenizer: LlamaTokenizer
    let template: any ChatTemplate

    init(_ file: GGUFFile, _ parameters: LlamaParameters) throws(EngineError) {
      self.file = file
      let path = file.path
      self.parameters = try parameters.withinMemory(of: file)
      weights = try LlamaWeights(path: path, gpuLayers: parameters.gpuLayers)
      guard parameters.extendsContext || parameters.contextSize <= max(weights.trainedContext, 8) else {
        let limit = "\(path) was trained for \(weights.trainedContext)"
        let reason = "is \(parameters.contextSize), and \(limit); with extendsContext, an adapter may go beyond"
        throw .invalidParameter(name: "contextSize", reason: reason)
      }
      tokenizer = LlamaTokenizer(weights)
      template = try weights.template(tokenizer)
    }
  }

  private init(_ model: Model, _ inbox: Inbox, _ ended: Gate) {
    file = model.file
    weights = model.weights
    name = URL(filePath: model.file.path).deletingPathExtension().lastPathComponent
    tokenizer = model.tokenizer
    template = model.template
    contextSize = model.parameters.contextSize
    let any: EngineCapabilities = [
      .tokens, .logits, .fork, .score, .adapters, .controlVectors, .embeddings, .state, .grammar,
    ]
    capabilities = model.weights.isRecurrent ? any : any.union(.proposals)
    parameters = model.parameters
    self.inbox = inbox
    self.ended = ended
  }

  deinit { inbox.close() }

  /// Starts the thread of the decode loop, which loads the model too: that takes seconds, and would block a thread of
  /// the concurrency pool. Returns when the context stands.
  private static func start(
    _ file: @escaping @Sendable () throws(EngineError) -> GGUFFile, _ parameters: LlamaParameters, _ inbox: Inbox,
    _ ended: Gate
  ) async throws -> Model {
    try await withCheckedThrowingContinuation { (ready: CheckedContinuation<Model, any Error>) in
      let thread = Thread {
        do throws(EngineError) {
          // Scoped, so that the context is freed before the end of the loop is announced.
          let model = try Model(file(), parameters)
          let loop = try DecodeLoop(model.weights, model.tokenizer, model.parameters, inbox)
          ready.resume(returning: model)
          loop.run()
        } catch {
          ready.resume(throwing: error)
        }
        ended.open()
      }
      thread.name = "tandem.decode"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Everything its sessions have made it do, since it was loaded.
  public var counters: EngineCounters { inbox.counters }

  /// Any session serves another run; that of a recurrent model if it need not go back.
  public var reuse: SessionReuse? { SessionReuse(of: self, rewinds: !weights.isRecurrent) }

  /// What a saved state must agree with.
  var identity: String { "\(name) (\(file.parameterCount) parameters, \(String(file.fingerprint, radix: 16)))" }

  /// An empty session. Waits for a free sequence, first come first served, or throws `busy`; throws `adapterInvalid` for
  /// an adapter that does not fit the model.
  public func makeSession(adapter: Adapter?) async throws -> LlamaSession {
    let flag = CancellationFlag()
    let ticket = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { reply in
        inbox.request(SessionRequest(adapter: adapter, cancellation: flag, reply: reply))
      }
    } onCancel: {
      flag.raise()
      inbox.nudge()
    }
    return LlamaSession(self, ticket: ticket, adapter: adapter)
  }

  /// Ends all sessions and frees the context with its cache; returns when that is done. The weights are freed when the
  /// last reference to this engine and its tokenizer goes.
  public func close() async {
    inbox.close()
    await ended.wait()
  }
}
