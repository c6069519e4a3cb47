/// A model that writes what its target writes, in fewer passes of it: a draft guesses some tokens ahead, and the target
/// evaluates the guesses at once.
///
/// Speculative decoding (arXiv:2211.17192, 2302.01318), token for token the target's own: see `Proposer`. The draft draws
/// with the target's random numbers, so that the two agree more often than by independent draws (arXiv:2408.07978).
///
/// A cascade is a draft that is speculated itself (the vertical cascade of arXiv:2312.11462, without its leniency):
///
///     let drafter = try SpeculativeDecoding(draft: .lookup(), target: small)
///     let model = try SpeculativeDecoding(draft: .model(drafter), target: large)
///
/// Sessions are the target's in all they do, counters included; the draft's work is in the counters of its own model. A
/// session needs a place in both.
///
/// Drafts that cost more time than they save are left out: see `DraftPacing`. A session learns that for itself, and its
/// forks begin with what it has learned.
public struct SpeculativeDecoding: LanguageModel {
  /// Where draft tokens come from.
  public let draft: Draft
  /// The model that samples.
  public let target: any LanguageModel
  /// When it guesses.
  public let pacing: DraftPacing
  /// Records what the target rejects; nil records nothing.
  public let recording: DraftRecording?
  /// The time, for tests that have one of their own.
  package var now: @Sendable () -> Duration = { [start = ContinuousClock.now] in start.duration(to: .now) }

  /// Who guesses.
  public enum Draft: Sendable {
    /// The session's own text.
    case lookup(NGramLookup = .init())
    /// A quicker model of the same vocabulary. An adapter is put on the target only.
    case model(any LanguageModel, DraftLength = .init())
  }

  /// Throws `unsupported` where the target can't evaluate proposals, and `invalidParameter` for a draft of another
  /// vocabulary or without length, a price that makes no sense, or a recording without a draft model.
  public init(
    draft: Draft, target: any LanguageModel, pacing: DraftPacing = .measured, recording: DraftRecording? = nil
  ) throws(EngineError) {
    if case .priced(let prices) = pacing { try prices.validate() }
    guard target.capabilities.contains(.proposals) else {
      throw .unsupported(capability: "proposals", engine: target.name)
    }
    switch draft {
    case .lookup(let lookup): try lookup.validate()
    case .model(let model, let length):
      try length.validate()
      guard model.capabilities.contains(.tokens) else {
        throw .unsupported(capability: "tokens", engine: model.name)
      }
      guard model.tokenizer.vocabulary.isInterchangeable(with: target.tokenizer.vocabulary) else {
        let reason = "is \(model.name), whose vocabulary is not that of \(target.name): use a model of the same family"
        throw .invalidParameter(name: "draft", reason: reason)
      }
    }
    try recording?.check(draft, target)
    self.draft = draft
    self.target = target
    self.pacing = pacing
    self.recording = recording
  }

  /// The names of both.
  public var name: String { "\(target.name)+\(draft.model?.name ?? "lookup")" }
  /// The target's.
  public var tokenizer: any Tokenizer { target.tokenizer }
  /// The target's.
  public var template: any ChatTemplate { target.template }
  /// The target's.
  public var contextSize: Int { target.contextSize }
  /// The target's.
  public var shape: ModelShape? { target.shape }
  /// The target's.
  public var counters: EngineCounters { target.counters }

  /// The target's, without proposals: a session has one proposer.
  public var capabilities: EngineCapabilities {
    let forks = draft.model?.capabilities.contains(.fork) ?? true
    return target.capabilities.subtracting(forks ? .proposals : [.proposals, .fork])
  }

  /// A session of the target, and one of the draft model. `adapter` is put on the target only.
  public func makeSession(adapter: Adapter?) async throws -> SpeculativeSession {
    let session = try await target.makeSession(adapter: adapter)
    return try await SpeculativeSession.pair(session, self) { try await $0.makeSession() }
  }
}

/// How far a draft model guesses ahead.
public struct DraftLength: Sendable, Hashable, Codable {
  /// The most tokens.
  public var most: Int
  /// A draft ends with the first token in whose distribution the draft model has more entropy than this, in nats; nil
  /// always drafts `most` tokens.
  ///
  /// Entropy bounds from below how likely a token is to be accepted: AdaEDL (arXiv:2410.18351) stops at
  /// 1 − √(γ · entropy) < λ, which is an entropy above (1 − λ)² / γ.
  public var entropyLimit: Float?

  /// Up to `most` tokens.
  public init(_ most: Int = 4, entropyLimit: Float? = nil) {
    self.most = most
    self.entropyLimit = entropyLimit
  }

  /// Throws `invalidParameter`, naming the first parameter that makes no sense.
  public func validate() throws(EngineError) {
    guard most > 0 else { throw .invalidParameter(name: "most", reason: "must be 1 or more, not \(most)") }
    guard entropyLimit.map({ $0 >= 0 }) ?? true else {
      throw .invalidParameter(name: "entropyLimit", reason: "must be 0 or more, not \(entropyLimit ?? 0)")
    }
  }
}

extension SpeculativeDecoding.Draft {
  /// The model that guesses, where it is one.
  public var model: (any LanguageModel)? { if case .model(let model, _) = self { model } else { nil } }

  /// The most tokens of one draft.
  var most: Int {
    switch self {
    case .lookup(let lookup): lookup.length
    case .model(_, let length): length.most
    }
  }
}
