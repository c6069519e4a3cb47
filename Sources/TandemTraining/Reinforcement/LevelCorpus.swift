import TandemInference
package import TandemRewards
package import TandemTasks

/// Documents that give the words for levels a meaning before any reward does: the lower the level, the better the moves
/// that are shown, the fewer the dead ends, and the fewer the checks of what is right.
///
/// Reinforcement only strengthens what is sampled. Where a level's words change nothing at first, the completions of all
/// levels are alike, and what one level's reward teaches spreads to the others (docs/log.md).
package struct LevelCorpus: Sendable {
  package let documents: [TrainingDocument]

  /// - Parameters:
  ///   - count: Documents; each level, and questions without one, have a quarter of them.
  ///   - seed: Also of the problems, which are of the training side.
  ///
  /// Throws `CancellationError` if the task is cancelled.
  package init(_ tokenizer: BytePairTokenizer, documents count: Int, seed: UInt64) throws {
    var documents: [TrainingDocument] = []
    for (index, level) in ([nil] + LengthLevel.allCases).enumerated() {
      let policy = Self.policy(level)
      var source = CountdownDocuments(seed: SplitMix64.derive(seed, UInt64(index)), policy: policy)
      let wanted = level.map(CountdownPractice.effort)
      var found = 0
      while found < count / 4 {
        try Task.checkCancellation()
        let document = source.next()
        guard document.effort == wanted else { continue }
        let encoded = TrainingDocument(document, tokenizer)
        guard encoded.tokens.count <= policy.tokenLimit else { continue }
        documents.append(encoded)
        found += 1
      }
    }
    self.documents = documents
  }

  /// How traces of a level are made; as they were before for `long` and for questions without a level.
  package static func policy(_ level: LengthLevel?) -> CountdownTracePolicy {
    var policy = CountdownTracePolicy()
    policy.effortShare = level == nil ? 0 : 1
    switch level {
    case .short:
      (policy.goodMove, policy.goodMoveLater, policy.patience) = (0.8, 0.95, 1)
      (policy.leavesHopeless, policy.deadEndLimit) = (0.9, 2)
    case .medium:
      (policy.goodMove, policy.goodMoveLater, policy.patience) = (0.65, 0.9, 1)
      (policy.leavesHopeless, policy.deadEndLimit) = (0.8, 4)
      policy.checksAtEffort[.medium] = [0.8, 0.2]
    case .long, nil: break
    }
    return policy
  }
}
