/// A session that reports how likely given tokens are. Its model has the capability `score`.
public protocol ScoringSession: Session {
  /// ln p of each of `candidates` as the next token; nothing is appended.
  func logProbabilities(of candidates: [Token]) async throws -> [Float]

  /// ln p of each token of `continuation` given those before it; nothing is appended.
  func score(_ continuation: [Token]) async throws -> [Float]

  /// The same, and the session holds `continuation` afterwards.
  func extend(by continuation: [Token]) async throws -> [Float]
}

extension ScoringSession {
  /// Scores, then extends: what an engine does that can't do both at once.
  public func extend(by continuation: [Token]) async throws -> [Float] {
    let held = await tokens
    let scores = try await score(continuation)
    try await extend(to: held + continuation)
    return scores
  }
}

/// A session that returns whole rows of logits. Its model has the capability `logits`.
public protocol LogitSession: ScoringSession {
  /// The logits of the next token, `[vocabulary size]`.
  func logits() async throws -> [Float]
}

extension LogitSession {
  /// From the row of logits. Throws `invalidParameter` for a token outside the vocabulary.
  public func logProbabilities(of candidates: [Token]) async throws -> [Float] {
    let row = try await logits()
    let sum = Softmax(row.span).logSumExp
    return try candidates.map { candidate in
      guard row.indices.contains(Int(candidate.rawValue)) else {
        throw EngineError.invalidParameter(
          name: "candidates", reason: "contain \(candidate), and the vocabulary has \(row.count) entries")
      }
      return row[Int(candidate.rawValue)] - sum
    }
  }
}

/// A session whose engine can read what another model writes while that one writes on.
public protocol WarmingSession: Session {
  /// Lets the engine read `tokens` in the background, so that the next request after them begins sooner. The session may
  /// then hold a part of them, and what is drawn later is the same. The next request ends it. May do nothing.
  func warmUp(with tokens: [Token])
}

/// A session that returns hidden states. Its model has the capability `embeddings`.
public protocol EmbeddingSession: Session {
  /// The hidden state of the last token after the final norm, `[embedding size]`.
  func embedding() async throws -> [Float]
}

/// A session whose cache can be saved. Its model has the capability `state`.
public protocol StateSession: Session {
  /// The cache as bytes, to be given to `restore(_:)` of a session of the same model and adapter.
  func save() async throws -> SessionState

  /// Replaces the cache. Throws `invalidState` for the state of another model or adapter, and then holds nothing.
  func restore(_ state: SessionState) async throws
}

/// A session's cache as bytes, with what is needed to check where it belongs.
public struct SessionState: Sendable, Hashable {
  /// The model that made it.
  public let model: String
  /// The adapter that was on.
  public let adapter: Adapter?
  /// The tokens that the cache holds; the last one may still have to be evaluated.
  public let tokens: [Token]
  /// The cache, in the engine's own format.
  public let bytes: [UInt8]

  package init(model: String, adapter: Adapter?, tokens: [Token], bytes: [UInt8]) {
    self.model = model
    self.adapter = adapter
    self.tokens = tokens
    self.bytes = bytes
  }
}
