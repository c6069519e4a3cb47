import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `A model that labels steps` {
  /// Answers with the number of the first mark that the step has.
  private static let marks: [(mark: String, function: StepFunction, number: Int)] = [
    ("first", .progressive, 1), ("checked", .verification, 2), ("otherwise", .multipleMethods, 3),
    ("oops", .errorCorrection, 4),
  ]

  private func judge(contextSize: Int = 600) -> FunctionModel {
    let tokenizer = ByteTokenizer()
    return FunctionModel(name: "judge", tokenizer: tokenizer, options: .init(contextSize: contextSize)) { tokens in
      let text = tokenizer.decode(tokens)
      var logits = [Float](repeating: 0, count: tokenizer.vocabulary.size)
      let number = Self.marks.first { text.contains($0.mark) }?.number ?? 1
      logits[48 + number] = 3
      logits[65] = 9  // what is likelier than all numbers does not count
      return logits
    }
  }

  @Test func `takes the likeliest number`() async throws {
    let judge = judge()
    let classifier = StepClassifier(Participant(judge))
    for (mark, function, _) in Self.marks {
      #expect(try await classifier.function(of: "This is \(mark).\n\n") == function)
    }
    #expect(judge.counters.sampled == 0 && judge.openSessions == 0)
  }

  @Test func `reads the step with what each number means`() {
    let question = StepClassifier.question(about: "2 + 2 = 4.")
    #expect(
      question == """
        Step:
        2 + 2 = 4.

        What is it for?
        1 leads on
        2 checks a result
        3 tries another way
        4 corrects an error
        Reply with the number.
        """)
  }

  @Test func `gives its session back if a step is too long`() async throws {
    let judge = judge(contextSize: 40)
    await #expect(throws: EngineError.self) { try await StepClassifier(Participant(judge)).function(of: "first") }
    #expect(judge.openSessions == 0)
  }

  @Test func `decides what is pruned`() async throws {
    let model = ScriptedModel("checked.\n\nfirst.\n\noops.\n\n</think>6")
    let trace = await Pair(small: model).run(SmallOnly()).trace
    let classifier = StepClassifier(Participant(judge()))
    let pruned = try #require(
      try await StepPruning(share: 1).prune(trace, by: Participant(judge())) { try await classifier.function(of: $0) })
    #expect(pruned.steps.map(\.function) == [.verification, .progressive, .errorCorrection])
    #expect(pruned.thinking == "first.\n\n")
  }
}
