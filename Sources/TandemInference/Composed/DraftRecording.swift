/// What a target rejected of its draft model's guesses in one generation, and what it would have written: what the draft
/// model learns from in Online Speculative Decoding (arXiv:2310.07177).
public struct DraftRejections: Sendable, Hashable, Codable {
  /// The target's text, prompt included, up to the token that it wrote in place of the last rejected guess.
  public var tokens: [Token]
  /// The rejected guesses, in the order of their positions.
  public var rejections: [Rejection]

  /// Rejected guesses in a text.
  public init(tokens: [Token], rejections: [Rejection]) {
    self.tokens = tokens
    self.rejections = rejections
  }

  /// One rejected guess.
  public struct Rejection: Sendable, Hashable, Codable {
    /// The index in `tokens` of the token that the target wrote instead.
    public var position: Int
    /// The guess.
    public var draft: Token
    /// The likeliest tokens of the target's own distribution there; the likeliest first.
    public var likeliest: [Token]
    /// ln p of each of them.
    public var logProbabilities: [Float]

    /// A guess, and the target's likeliest tokens with their ln p.
    public init(position: Int, draft: Token, likeliest: [Token], logProbabilities: [Float]) {
      self.position = position
      self.draft = draft
      self.likeliest = likeliest
      self.logProbabilities = logProbabilities
    }
  }
}

/// Records what a target rejects. No token depends on it.
public struct DraftRecording: Sendable {
  /// How many of the target's likeliest tokens are recorded at each rejected guess.
  public var likeliest: Int
  /// Called at the end of each generation in which a guess was rejected. The end waits for it.
  public var write: @Sendable (DraftRejections) -> Void

  /// Records the `likeliest` tokens at each rejected guess; 16 is ours, for the paper's teacher is asked again.
  public init(likeliest: Int = 16, write: @escaping @Sendable (DraftRejections) -> Void) {
    self.likeliest = likeliest
    self.write = write
  }

  /// Throws `invalidParameter` if there is no draft model that could learn, and `unsupported` if the target does not
  /// report its likeliest tokens.
  func check(_ draft: SpeculativeDecoding.Draft, _ target: any LanguageModel) throws(EngineError) {
    guard draft.model != nil else {
      throw .invalidParameter(name: "recording", reason: "is for a draft that is a model, not for n-grams")
    }
    guard likeliest > 0 else {
      throw .invalidParameter(name: "likeliest", reason: "must be 1 or more, not \(likeliest)")
    }
    guard target.capabilities.lacking([.alternatives]).isEmpty else {
      throw .unsupported(capability: "alternatives", engine: target.name)
    }
  }
}
