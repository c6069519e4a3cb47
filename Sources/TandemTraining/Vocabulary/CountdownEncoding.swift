import TandemInference
package import TandemTasks

extension TrainingDocument {
  /// The tokens of a document, and how much each counts in the loss: a learned thought and the answer 1, a mistake and
  /// what a cut left 0.
  ///
  /// Question and prompt count a little (`promptWeight`): a model that has learnt what questions look like reads them better.
  package init(_ document: CountdownDocument, _ tokenizer: BytePairTokenizer, promptWeight: Float = 0.05) {
    var (tokens, weights) = ([Token](), [Float]())
    func add(_ text: String, _ weight: Float) {
      tokens += tokenizer.encode(text, control: .recognised)
      weights += repeatElement(weight, count: tokens.count - weights.count)
    }
    add(NanoFormat.prompt(document.question), promptWeight)
    for thought in document.thoughts { add(thought.text + NanoFormat.boundary, thought.isLearned ? 1 : 0) }
    add(NanoFormat.closing, document.learnsStop ? 1 : 0)
    add(NanoFormat.boundary + document.answer + BytePairVocabulary.endOfTurnName, 1)
    self.init(tokens: tokens, weights: weights)
  }
}

/// Documents of Countdown for a trainer, from a seed; those above the policy's limit of tokens are left out.
package struct CountdownCorpus: Sendable {
  private var documents: CountdownDocuments
  private let tokenizer: BytePairTokenizer
  /// How many were too long so far.
  package private(set) var leftOut = 0

  package init(
    seed: UInt64, policy: CountdownTracePolicy = CountdownTracePolicy(), tokenizer: BytePairTokenizer
  ) {
    documents = CountdownDocuments(seed: seed, policy: policy)
    self.tokenizer = tokenizer
  }

  package mutating func next() -> TrainingDocument {
    while true {
      let document = TrainingDocument(documents.next(), tokenizer)
      if document.tokens.count <= documents.policy.tokenLimit { return document }
      leftOut += 1
    }
  }
}
