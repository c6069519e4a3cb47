import FoundationEssentials
public import TandemInference

#if canImport(Glibc)
  import class Foundation.Thread
#else
  import Foundation
#endif

/// A GGUF model in this process, run by llama.cpp: weights, one context, and one decode loop on a thread of its own.
public final class LlamaEngine: LanguageModel {
  public let name: String
  public let tokenizer: any Tokenizer
  public let template: any ChatTemplate
  public let contextSize: Int
  public let parameters: LlamaParameters
  /// What the file says of itself.
  public let file: GGUFFile
  let inbox: Inbox
  private let ended: Gate

  /// Loads a model file and makes its context.
  ///
  /// Throws `modelNotFound`, `modelUnreadable`, `modelInvalid`, `invalidParameter` or `templateFailed`; nothing stays
  /// loaded then.
  public static func load(_ path: String, _ parameters: LlamaParameters = .init()) async throws -> LlamaEngine {
    try parameters.validate()
    let file = try GGUFFile(path: path)
    let weights = try LlamaWeights(path: path, gpuLayers: parameters.gpuLayers)
    guard parameters.contextSize <= max(weights.trainedContext, 8) else {
      throw EngineError.invalidParameter(
        name: "ctx-size", reason: "is \(parameters.contextSize), and \(file.path) was trained for \(weights.trainedContext)")
    }
    let tokenizer = LlamaTokenizer(weights)
    let template: any ChatTemplate =
      if let source = weights.chatTemplate {
        try JinjaTemplate(source: source, beginningOfText: tokenizer.beginningName, endOfText: tokenizer.endName)
      } else {
        PlainTemplate()
      }
    let (inbox, ended) = (Inbox(), Gate())
    try await start(weights, tokenizer, parameters, inbox, ended)
    return LlamaEngine(file, tokenizer, template, parameters, inbox, ended)
  }

  private init(
    _ file: GGUFFile, _ tokenizer: LlamaTokenizer, _ template: any ChatTemplate, _ parameters: LlamaParameters,
    _ inbox: Inbox, _ ended: Gate
  ) {
    self.file = file
    name = URL(filePath: file.path).deletingPathExtension().lastPathComponent
    self.tokenizer = tokenizer
    self.template = template
    contextSize = parameters.contextSize
    self.parameters = parameters
    self.inbox = inbox
    self.ended = ended
  }

  deinit { inbox.close() }

  /// Starts the thread of the decode loop; returns when its context stands.
  private static func start(
    _ weights: LlamaWeights, _ tokenizer: LlamaTokenizer, _ parameters: LlamaParameters, _ inbox: Inbox, _ ended: Gate
  ) async throws {
    try await withCheckedThrowingContinuation { (ready: CheckedContinuation<Void, any Error>) in
      let thread = Thread {
        do throws(EngineError) {
          // Scoped, so that the context is freed before anyone is told that the loop has ended.
          let loop = try DecodeLoop(weights, tokenizer, parameters, inbox)
          ready.resume()
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

  public var capabilities: EngineCapabilities {
    [.tokens, .logits, .fork, .score, .adapters, .controlVectors, .embeddings, .state]
  }

  public var counters: EngineCounters { inbox.counters }

  /// What a saved state must agree with.
  var identity: String { "\(name) (\(file.parameterCount) parameters)" }

  public func makeSession(adapter: Adapter?) async throws -> any Session {
    let flag = CancellationFlag()
    let place = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { reply in
        inbox.open(Opening(adapter: adapter, cancellation: flag, reply: reply))
      }
    } onCancel: {
      flag.raise()
      inbox.nudge()
    }
    return LlamaSession(self, place: place, adapter: adapter)
  }

  /// Ends all sessions and frees context and weights; returns when that is done.
  public func close() async {
    inbox.close()
    await ended.wait()
  }
}
