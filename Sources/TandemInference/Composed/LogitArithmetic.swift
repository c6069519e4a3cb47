import Synchronization

/// A large model steered by the difference that training made to a small one: `target + alpha · (guider − base)`, logits
/// all, sampled from as any row is.
///
/// ThinkLogit (arXiv:2507.12759, 2510.09354): target a large model that does not reason, guider a small one that does,
/// base the small one before it learned to. In the released code alpha is 1 and there is no warm-up; the first version of
/// the paper let the target write the first hundred tokens or so alone.
///
/// Counters are those of one model that evaluates and draws what its sessions do; what guider and base did is in their
/// own. Padding that only one vocabulary has takes no part in the difference.
public final class LogitArithmetic: LanguageModel {
  /// The model that is steered.
  public let target: any LanguageModel
  /// The small model after training.
  public let guider: any LanguageModel
  /// The small model before training.
  public let base: any LanguageModel
  /// How much of the difference is added.
  public let alpha: Float
  /// How many tokens after a session's first prompt the target writes alone.
  public let warmup: Int
  private let drawn = Mutex((sampled: 0, decoded: 0))

  /// Throws `unsupported` for a model that gives no logits, and `invalidParameter` for vocabularies that differ.
  public init(
    target: any LanguageModel, guider: any LanguageModel, base: any LanguageModel, alpha: Float = 1, warmup: Int = 0
  ) throws(EngineError) {
    for model in [target, guider, base] where !model.capabilities.contains([.tokens, .logits]) {
      throw .unsupported(capability: "logits", engine: model.name)
    }
    for (role, model) in [("guider", guider), ("base", base)] {
      guard model.tokenizer.vocabulary.isInterchangeable(with: target.tokenizer.vocabulary) else {
        throw .invalidParameter(
          name: role, reason: "is \(model.name), whose vocabulary is not that of \(target.name): use one family")
      }
    }
    guard alpha.isFinite else { throw .invalidParameter(name: "alpha", reason: "must be a number, not \(alpha)") }
    guard warmup >= 0 else {
      throw .invalidParameter(name: "warmup", reason: "must be 0 or more, not \(warmup)")
    }
    (self.target, self.guider, self.base, self.alpha, self.warmup) = (target, guider, base, alpha, warmup)
  }

  /// The names of all three.
  public var name: String { "\(target.name)+\(guider.name)-\(base.name)" }
  /// The target's.
  public var tokenizer: any Tokenizer { target.tokenizer }
  /// The target's.
  public var template: any ChatTemplate { target.template }
  /// The smallest of the three.
  public var contextSize: Int { min(target.contextSize, guider.contextSize, base.contextSize) }
  /// The target's.
  public var shape: ModelShape? { target.shape }

  /// Logits and scores, the adapters that the target can put on, and cheap forks if all three have them.
  public var capabilities: EngineCapabilities {
    let all = target.capabilities.intersection(guider.capabilities).intersection(base.capabilities)
    return all.intersection(.fork).union(target.capabilities.intersection([.adapters, .controlVectors]))
      .union([.tokens, .logits, .score])
  }

  /// Those of one model that evaluates and samples what its sessions do.
  public var counters: EngineCounters {
    let own = drawn.withLock { $0 }
    return target.counters.withOwn(sampled: own.sampled, decoded: own.decoded)
  }

  func count(sampled: Int = 0, decoded: Int = 0) {
    drawn.withLock { $0 = ($0.sampled + sampled, $0.decoded + decoded) }
  }

  /// The models that evaluate each token: the target alone where nothing is added to it.
  public var evaluated: [any LanguageModel] { alpha == 0 ? [target] : [target, guider, base] }

  /// A session of each of the three models. `adapter` is put on the target only.
  public func makeSession(adapter: Adapter?) async throws -> LogitArithmeticSession {
    try check(adapter)
    var sessions: [any Session] = [try await target.makeSession(adapter: adapter)]
    do {
      for model in [guider, base] { sessions.append(try await model.makeSession()) }
    } catch {
      for session in sessions { await session.close() }
      throw error
    }
    return LogitArithmeticSession(self, target: sessions[0], guider: sessions[1], base: sessions[2])
  }
}

extension EngineCounters {
  /// Of an engine that only ever evaluated what it was given: so many of these tokens were drawn from its logits.
  func withOwn(sampled: Int, decoded: Int) -> Self {
    var counters = self
    counters.sampled += sampled
    counters.decoded += decoded
    counters.prefilled -= decoded
    return counters
  }
}
