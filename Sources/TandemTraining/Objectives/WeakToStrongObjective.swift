/// The loss of WSPO (arXiv:2410.18640, as in its released code): what alignment changed in a small model is taught to a
/// large one.
///
/// For each token of an answer: (β ln(π / π_ref) - ln(w_aligned / w_base))², averaged over tokens. The weak pair w is a
/// small model before and after its alignment; π_ref is the large model as it was.
package struct WeakToStrongObjective: Sendable, Hashable, Codable {
  /// β: the change that is taught is the weak pair's divided by it. 1, the default, is ours: the change as it is.
  package var beta: Float

  package init(beta: Float = 1) { self.beta = beta }

  /// What ln π of each token is drawn to, ln π_ref + ln(w_aligned / w_base) / β: the loss is β² (ln π - target)².
  ///
  /// All three are ln p of the same tokens.
  package func targets(reference: [Float], aligned: [Float], base: [Float]) -> [Float] {
    zip(reference, zip(aligned, base)).map { reference, weak in reference + (weak.0 - weak.1) / beta }
  }

  /// The documents with the target of each learnt token.
  ///
  /// One small model is in memory at a time.
  ///
  /// - Parameters:
  ///   - strong: The large model as it was, whose file is `path`.
  ///   - aligned: The file of the small model after its alignment, and `base` of the one before.
  ///
  /// Throws `fileInvalid` for a small model with another vocabulary, and what reading it throws.
  package func referencing(
    _ documents: [TrainingDocument], _ strong: Llama, aligned: String, base: String, like path: String
  ) throws(TrainingError) -> [TrainingDocument] {
    let vocabulary = try TensorFile(path: path, .gguf).metadata["tokenizer.ggml.tokens"]
    func weak(_ path: String) throws(TrainingError) -> [[Float]] {
      let (model, metadata) = try Llama.load(path)
      guard metadata["tokenizer.ggml.tokens"] == vocabulary else {
        throw .fileInvalid(path: path, reason: "its vocabulary is not that of the large model; use one family")
      }
      return try model.referencing(documents).map(\.references)
    }
    let pairs = zip(try weak(aligned), try weak(base))
    return zip(try strong.referencing(documents), pairs).map { document, weak in
      var document = document
      document.references = targets(reference: document.references, aligned: weak.0, base: weak.1)
      return document
    }
  }

  /// The sum over tokens; the reference of a token is its target.
  func loss(_ now: Tensor, _ batch: DocumentBatch) throws(TrainingError) -> Tensor {
    try (now - batch.reference()).squared().sum() * (beta * beta)
  }

  /// Throws `invalidOption` if β makes no sense.
  package func validate() throws(TrainingError) {
    guard beta > 0, beta <= 1000 else {
      throw .invalidOption(name: "beta", reason: "must be above 0, at most 1000, not \(beta)")
    }
  }
}
