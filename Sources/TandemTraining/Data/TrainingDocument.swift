package import TandemInference

/// A text to learn from: its tokens, and how much each counts.
package struct TrainingDocument: Sendable, Hashable {
  package let tokens: [Token]
  /// One for each token: the weight of its negative log-probability in the loss. That of the first token is not used,
  /// because nothing predicts it. 0 for prompts, which are read and not learnt.
  package let weights: [Float]
  /// Tokens that are as right as the last one: the loss there is that of the likeliest of them all, so that only what
  /// the model holds with already is learnt (SCoT, arXiv:2504.19095, Eq. 4).
  package let alternatives: [Token]
  /// The tokens among which the last one is chosen; none means all of the vocabulary.
  package let candidates: [Token]
  /// What an objective compares ln p of each learnt token with, such as that of a reference model; none for likelihood.
  package var references: [Float] = []
  /// What another model holds likely in place of each learnt token, where that is what is learnt.
  package var targets: [TargetDistribution] = []

  package init(tokens: [Token], weights: [Float], alternatives: [Token] = [], candidates: [Token] = []) {
    self.tokens = tokens
    self.weights = weights
    self.alternatives = alternatives
    self.candidates = candidates
  }

  /// A document of which all tokens but the first `promptCount` are learnt.
  package init(tokens: [Token], promptCount: Int = 1) {
    self.init(tokens: tokens, weights: tokens.indices.map { $0 < promptCount ? 0 : 1 })
  }

  /// Positions that the document takes in a batch: its last token is only a target.
  package var length: Int { max(tokens.count - 1, 0) }

  /// Targets with a weight.
  package var learntCount: Int { weights.dropFirst().count { $0 != 0 } }

  /// Throws `invalidDocument`, calling this one `index`, if it can't be trained on.
  func validate(index: Int, vocabularySize: Int, rowLength: Int) throws(TrainingError) {
    func fail(_ reason: String) -> TrainingError { .invalidDocument(index: index, reason: reason) }
    guard tokens.count == weights.count else { throw fail("\(tokens.count) tokens have \(weights.count) weights") }
    guard length >= 1 else { throw fail("it has fewer than two tokens") }
    guard length <= rowLength else { throw fail("its \(length) positions don't fit into rows of \(rowLength)") }
    guard weights.allSatisfy(\.isFinite) else { throw fail("a weight is not a number") }
    guard weights.dropFirst().contains(where: { $0 != 0 }) else { throw fail("none of its targets has a weight") }
    guard candidates.isEmpty || Set(tokens.suffix(1) + alternatives).isSubset(of: candidates) else {
      throw fail("a token that is right is not among its candidates")
    }
    let all = tokens + alternatives + candidates
    if let token = all.first(where: { !(0..<Int32(vocabularySize)).contains($0.rawValue) }) {
      throw fail("token \(token) is not in the vocabulary of \(vocabularySize)")
    }
  }
}
