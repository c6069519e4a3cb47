package import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What another model holds likely at one position: its likeliest tokens with their ln p. All others are the rest.
package struct TargetDistribution: Sendable, Hashable {
  package let tokens: [Token]
  package let logProbabilities: [Float]

  /// The least probability of the rest, so that its logarithm is one. Ours.
  static let leastRest: Float = 1e-6

  package init(tokens: [Token], logProbabilities: [Float]) {
    (self.tokens, self.logProbabilities) = (tokens, logProbabilities)
  }

  /// ln p of all other tokens together.
  var rest: Float {
    let sum = logProbabilities.reduce(0.0) { $0 + exp(Double($1)) }
    return Float(log(max(1 - sum, Double(Self.leastRest))))
  }

  /// Why a model with this vocabulary can't learn it; nil if it can.
  func fault(vocabularySize: Int) -> String? {
    if tokens.isEmpty { return "a target distribution has no token" }
    if tokens.count != logProbabilities.count {
      return "\(tokens.count) tokens have \(logProbabilities.count) log-probabilities"
    }
    if Set(tokens).count != tokens.count { return "a target distribution has a token twice" }
    if let token = tokens.first(where: { !(0..<Int32(vocabularySize)).contains($0.rawValue) }) {
      return "token \(token) is not in the vocabulary of \(vocabularySize)"
    }
    let isRight =
      logProbabilities.allSatisfy { $0.isFinite && $0 <= 1e-3 }
      && logProbabilities.reduce(0.0) { $0 + exp(Double($1)) } < 1.01
    return isRight ? nil : "its log-probabilities are not those of a distribution"
  }
}

extension TrainingDocument {
  /// Throws `invalidDocument`, calling this one `index`, unless each learnt token counts once and has a distribution.
  func validateTargets(index: Int, vocabularySize: Int) throws(TrainingError) {
    guard targets.count == learntCount else {
      let reason = "\(learntCount) tokens are learnt, and it has \(targets.count) target distributions"
      throw .invalidDocument(index: index, reason: reason)
    }
    guard weights.dropFirst().allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw .invalidDocument(index: index, reason: "a weight is neither 0 nor 1")
    }
    for target in targets {
      if let fault = target.fault(vocabularySize: vocabularySize) {
        throw .invalidDocument(index: index, reason: fault)
      }
    }
  }
}
