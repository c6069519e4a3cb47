import Crypto
import Foundation
import TandemInference
package import TandemTasks

/// What a nano model is trained on: a vocabulary, and documents in it.
package struct NanoCorpus: Sendable {
  package let vocabulary: BytePairVocabulary
  package let documents: [TrainingDocument]
  /// How many documents were longer than the policy allows.
  package let leftOut: Int

  /// Makes both from a seed; the vocabulary is the same for every seed, so that all models of a policy share it.
  ///
  /// - Parameter onProgress: Called now and then with the number of documents made.
  ///
  /// Throws `CancellationError` if the task is cancelled, which it finds out between two documents.
  package init(
    _ policy: CountdownTracePolicy, documents count: Int, seed: UInt64, onProgress: (Int) -> Void = { _ in }
  ) throws {
    vocabulary = try NanoFormat.trainVocabulary(policy: policy)
    var corpus = CountdownCorpus(seed: seed, policy: policy, tokenizer: BytePairTokenizer(vocabulary))
    var documents: [TrainingDocument] = []
    documents.reserveCapacity(count)
    while documents.count < count {
      try Task.checkCancellation()
      documents.append(corpus.next())
      if documents.count.isMultiple(of: 1000) { onProgress(documents.count) }
    }
    self.documents = documents
    leftOut = corpus.leftOut
  }

  package var tokenCount: Int { documents.reduce(0) { $0 + $1.tokens.count } }

  /// SHA-256 of all tokens and weights, in their order: what a model card names.
  package var hash: String {
    var hash = SHA256()
    for document in documents {
      document.tokens.withUnsafeBytes { hash.update(bufferPointer: $0) }
      document.weights.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().map { String(format: "%02x", $0) }.joined()
  }
}
