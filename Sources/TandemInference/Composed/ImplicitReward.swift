/// How much likelier its alignment made an answer to a small model: Σ ln w_aligned - ln w_base over the answer's tokens.
///
/// WSPO (arXiv:2410.18640) teaches this ratio to a large model (`tandem train wspo`). Without training, it chooses the best of
/// several answers, whichever model wrote them.
public struct ImplicitReward: Sendable {
  /// The small model after its alignment.
  public let aligned: any LanguageModel
  /// The small model before it.
  public let base: any LanguageModel

  /// Throws `unsupported` for a model that can't score, and `invalidParameter` for vocabularies that differ.
  public init(aligned: any LanguageModel, base: any LanguageModel) throws(EngineError) {
    for model in [aligned, base] where !model.capabilities.contains([.tokens, .score]) {
      throw .unsupported(capability: "score", engine: model.name)
    }
    guard base.tokenizer.vocabulary.isInterchangeable(with: aligned.tokenizer.vocabulary) else {
      throw .invalidParameter(
        name: "base", reason: "is \(base.name), whose vocabulary is not that of \(aligned.name): use one family")
    }
    (self.aligned, self.base) = (aligned, base)
  }

  /// The log-ratios of the tokens of each answer after `prompt`, in nats.
  ///
  /// Throws what the models' engines throw, such as `contextFull`.
  public func logRatios(of answers: [[Token]], after prompt: [Token]) async throws -> [[Float]] {
    let after = try await scores(of: answers, after: prompt, by: aligned)
    let before = try await scores(of: answers, after: prompt, by: base)
    return zip(after, before).map { zip($0, $1).map { $0 - $1 } }
  }

  /// The place of the answer with the largest reward, the first of equals; nil if there is none. An empty answer has the
  /// reward 0.
  ///
  /// - Parameters:
  ///   - answers: The tokens of each answer.
  ///   - prompt: The tokens before them.
  ///   - perToken: Whether the mean over an answer's tokens counts instead of their sum, so that its length does not.
  public func best(of answers: [[Token]], after prompt: [Token], perToken: Bool = false) async throws -> Int? {
    let rewards = try await logRatios(of: answers, after: prompt).map { ratios in
      ratios.reduce(0, +) / (perToken ? Float(max(ratios.count, 1)) : 1)
    }
    return rewards.indices.max { rewards[$0] < rewards[$1] || (rewards[$0] == rewards[$1] && $0 > $1) }
  }

  private func scores(
    of answers: [[Token]], after prompt: [Token], by model: any LanguageModel
  ) async throws -> [[Float]] {
    let session = try await model.makeSession()
    do {
      let scoring = try session.require((any ScoringSession).self, .score, of: model)
      try await session.extend(to: prompt)
      var scores: [[Float]] = []
      for answer in answers { scores.append(answer.isEmpty ? [] : try await scoring.score(answer)) }
      await session.close()
      return scores
    } catch {
      await session.close()
      throw error
    }
  }
}
