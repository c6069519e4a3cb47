import TandemInference
import TandemTasks
import TandemTraining
import Testing

@Suite struct `Documents for training` {
  private let tokenizer: BytePairTokenizer

  init() throws { tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 100)) }

  @Test func `weigh the prompt a little, what is learned fully, and the rest nothing`() {
    var documents = CountdownDocuments(seed: 21)
    for _ in 0..<50 {
      let document = documents.next()
      let training = TrainingDocument(document, tokenizer)
      #expect(training.tokens.count == training.weights.count)
      let prompt = tokenizer.encode(NanoFormat.prompt(document.question), control: .recognised).count
      #expect(training.weights.prefix(prompt).allSatisfy { $0 == 0.05 })
      let thinking = document.thoughts.map { thought in
        let count = tokenizer.encode(thought.text, control: .asText).count + 1
        return (count: count, weight: thought.isLearned ? Float(1) : 0)
      }
      var place = prompt
      for (count, weight) in thinking {
        #expect(training.tokens[place + count - 1] == 5)  // the blank line
        #expect(training.weights[place..<(place + count)].allSatisfy { $0 == weight })
        place += count
      }
      #expect(training.tokens[place] == 4 && training.weights[place] == (document.learnsStop ? 1 : 0))
      #expect(training.weights[(place + 1)...].allSatisfy { $0 == 1 } && training.tokens.last == 2)
    }
  }

  @Test func `weigh the prompt as is asked`() {
    var documents = CountdownDocuments(seed: 22)
    let document = TrainingDocument(documents.next(), tokenizer, promptWeight: 0.5)
    #expect(document.weights[0] == 0.5)
  }

  @Test func `are no longer than the policy allows`() {
    var policy = CountdownTracePolicy()
    policy.tokenLimit = 150
    var corpus = CountdownCorpus(seed: 23, policy: policy, tokenizer: tokenizer)
    let documents = (0..<40).map { _ in corpus.next() }
    #expect(documents.allSatisfy { $0.tokens.count <= 150 && $0.tokens.last == 2 })
    #expect(corpus.leftOut > 0)
  }

  @Test func `are the same for the same seed`() {
    var (one, other) = (
      CountdownCorpus(seed: 24, tokenizer: tokenizer), CountdownCorpus(seed: 24, tokenizer: tokenizer)
    )
    let documents = (0..<20).map { _ in one.next() }
    #expect(documents == (0..<20).map { _ in other.next() })
  }

  /// Tokens per document as the trainer gets them; a change of design changes these.
  @Test func `are as long as is known`() {
    var corpus = CountdownCorpus(seed: 25, tokenizer: tokenizer)
    let lengths = (0..<100).map { _ in corpus.next().tokens.count }
    #expect([lengths.reduce(0, +), lengths.max(), corpus.leftOut] == [16_801, 351, 7])
  }
}
