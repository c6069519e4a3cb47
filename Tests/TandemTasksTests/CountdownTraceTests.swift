import Tandem
import TandemTasks
import Testing

@Suite struct `Documents of Countdown` {
  @Test func `are the same for the same seed, and others for another`() {
    #expect(documents(30, seed: 4) == documents(30, seed: 4))
    #expect(documents(30, seed: 4) != documents(30, seed: 5))
  }

  /// A change of design changes these; whoever changes it reads them here.
  @Test func `stay what they are, byte for byte`() {
    #expect(
      documents(3, seed: 1).map(\.script).joined(separator: "\n\n") == """
        Use 3, 12, 11, 12 to make 19.
        + Try 12 / 12 = 1. Now 11, 3, 1.
        + Try 11 + 3 = 14. Now 14, 1.
        + Then 14 * 1 = 14, 14 + 1 = 15, 14 - 1 = 13. None makes 19.
        - Wait, back to 12, 12, 11, 3. Try 12 - 3 = 7. Now 12, 11, 7.
        + Hold on, 12 - 3 = 9, not 7. Now 12, 11, 9.
        + Try 12 + 11 = 23. Now 23, 9.
        + Then 23 + 9 = 32, 23 - 9 = 14. None makes 19.
        + Alternatively, back to 12, 12, 11, 3. Try 12 + 12 = 24. Now 24, 11, 3.
        + Try 24 / 3 = 8. Now 11, 8.
        + Then 11 + 8 = 19. Yes, that makes 19.
        + Hold on, let me check again: 12 + 12 = 24, 24 / 3 = 8, 11 + 8 = 19. Correct.
        + Let me verify: 12 + 12 = 24, 24 / 3 = 8, 11 + 8 = 19. Correct.
        + Answer: 12 + 12 = 24, 24 / 3 = 8, 11 + 8 = 19.

        Use 2, 11, 4, 2 to make 19.
        + Try 2 + 2 = 4. Now 11, 4, 4.
        + Try 4 / 4 = 1. Now 11, 1.
        + Then 11 * 1 = 11, 11 + 1 = 12, 11 - 1 = 10. None makes 19.
        + Alternatively, back to 11, 4, 4. Try 4 + 4 = 8. Now 11, 8.
        + Then 11 + 8 = 19. Yes, that makes 19.
        + Answer: 2 + 2 = 4, 4 + 4 = 8, 11 + 8 = 19.

        Use 10, 11, 2, 10 to make 22. Effort: medium.
        + Try 11 * 2 = 22. Now 22, 10, 10.
        + Try 22 + 10 = 32. Now 32, 10.
        + Then 32 - 10 = 22. Yes, that makes 22.
        + Hold on, let me check again: 11 * 2 = 22, 22 + 10 = 32, 32 - 10 = 22. Correct.
        + Answer: 11 * 2 = 22, 22 + 10 = 32, 32 - 10 = 22.
        """)
  }

  @Test func `are distributed as the policy says`() {
    #expect(
      CountdownStatistics(documents(1_000, seed: 1)).description == """
        thoughts 7.498
        turns 1.45
        not learned 0.074
        cut 0.087
        three numbers 0.207
        no effort 641: checks 1.382, letters 345.298
        low 90: checks 0.011, letters 252.689
        medium 87: checks 1.023, letters 317.172
        high 95: checks 2.474, letters 392.516
        """)
  }

  @Test func `have no fault in what is learned`() {
    for document in documents(200, seed: 2, CountdownTracePolicy().with { $0.mistakeShare = 0.5 }) {
      let verdicts = check(document).verdicts
      for (thought, verdict) in zip(document.thoughts, verdicts) where thought.isLearned {
        #expect(verdict.faults.isEmpty, "\(thought.text): \(verdict.faults)")
      }
      #expect(verdicts.last?.faults == [], "\(document.answer)")
    }
  }

  @Test func `have no fault at all where no mistake is made`() {
    for document in documents(200, seed: 3, CountdownTracePolicy().with { $0.mistakeShare = 0 }) {
      #expect(check(document).verdicts.allSatisfy { $0.faults.isEmpty })
      #expect(document.thoughts.allSatisfy { $0.isLearned == document.learnsStop })
    }
  }

  @Test func `correct every mistake`() {
    let policy = CountdownTracePolicy().with { ($0.mistakeShare, $0.truncatedShare) = (1, 0) }
    var kinds: Set<[CountdownFault.Kind]> = []
    for document in documents(200, seed: 5, policy) {
      let verdicts = check(document).verdicts
      kinds.insert(verdicts.flatMap(\.faults).map(\.kind))
      // A success that is not learned is found to be wrong at once.
      for (thought, next) in zip(document.thoughts, document.thoughts.dropFirst())
      where !thought.isLearned && thought.text.contains("Yes, ") {
        #expect(next.sentences.contains(.wrong))
      }
    }
    // None where there was no occasion for one.
    #expect(kinds == [[], [.wrongArithmetic], [.wrongArithmetic, .falseSuccess]])
  }

  @Test func `read back as the sentences they are made of`() {
    for document in documents(60, seed: 6) {
      for sentence in document.thoughts.flatMap(\.sentences) {
        #expect(CountdownSentence(sentence.description) == sentence)
      }
      #expect(Countdown(question: document.question) == document.problem)
    }
  }

  @Test func `learn to answer and not to stop where the thinking is cut`() {
    let cut = documents(200, seed: 7, CountdownTracePolicy().with { $0.truncatedShare = 1 })
    #expect(cut.allSatisfy { !$0.learnsStop && $0.thoughts.allSatisfy { !$0.isLearned } })
    #expect(cut.contains { $0.thoughts.isEmpty } && cut.contains { $0.thoughts.count > 5 })
    #expect(cut.allSatisfy { $0.problem.isSolved(by: $0.answer) })
  }

  @Test func `have more thinking the more effort is asked for`() {
    let policy = CountdownTracePolicy().with { ($0.effortShare, $0.truncatedShare) = (1, 0) }
    let documents = documents(900, seed: 8, policy)
    let lengths = CountdownEffort.allCases.map { effort in
      let texts = documents.filter { $0.effort == effort }.map { $0.thoughts.map(\.text).joined() }
      return texts.reduce(0) { $0 + $1.count } / texts.count
    }
    #expect(lengths[0] + 30 < lengths[1] && lengths[1] + 30 < lengths[2], "\(lengths)")
  }

  @Test func `go straight to the target where every move is good`() {
    let policy = CountdownTracePolicy().with { $0.goodMove = 1 }
    for document in documents(100, seed: 9, policy.with { $0.mistakeShare = 0 }) {
      #expect(!document.script.contains("back to"))
    }
  }

  @Test(arguments: [(0, 0), (0.5, 0.5), (1, 1)])
  func `go back with a cue word as often as is asked`(cueAtTurn: Double, share: Double) {
    let policy = CountdownTracePolicy().with { $0.cueAtTurn = cueAtTurn }
    let script = documents(150, seed: 12, policy).map(\.script).joined()
    let (all, cued) = (script.ranges(of: /[Bb]ack to/).count, script.ranges(of: ", back to").count)
    #expect(all > 100 && abs(Double(cued) / Double(all) - share) < 0.2)
  }

  @Test(arguments: CountdownMistake.allCases)
  func `make the mistakes that are asked for`(mistake: CountdownMistake) {
    let policy = CountdownTracePolicy().with {
      ($0.mistakeShare, $0.mistakes, $0.truncatedShare) = (1, [mistake: 1], 0)
    }
    let scripts = documents(100, seed: 14, policy).map(\.script)
    #expect(scripts.contains { $0.contains("- Then") } == (mistake == .falseSuccess))
    #expect(scripts.contains { $0.contains("That is wrong") } == (mistake != .slip))
  }

  @Test func `have no more dead ends than the limit`() {
    let policy = CountdownTracePolicy().with { $0.deadEndLimit = 1 }
    for document in documents(150, seed: 13, policy) {
      #expect(document.script.ranges(of: "None makes").count <= 1)
    }
  }

  @Test func `are of training problems unless others are asked for`() {
    #expect(documents(100, seed: 10).allSatisfy { CountdownSplit($0.problem) == .training })
    var heldOut = CountdownDocuments(seed: 10, split: .heldOut)
    for _ in 0..<50 { #expect(CountdownSplit(heldOut.next().problem) == .heldOut) }
  }

  private func documents(
    _ count: Int, seed: UInt64, _ policy: CountdownTracePolicy = CountdownTracePolicy()
  ) -> [CountdownDocument] {
    var documents = CountdownDocuments(seed: seed, policy: policy)
    return (0..<count).map { _ in documents.next() }
  }

  private func check(_ document: CountdownDocument) -> CountdownTraceCheck {
    let thinking = document.thoughts.map { thought($0.text + "\n\n") }
    return CountdownTraceCheck(of: thinking + [thought(document.answer, .small, .answer)], about: document.problem)
  }
}

extension CountdownTracePolicy {
  fileprivate func with(_ change: (inout Self) -> Void) -> Self {
    var policy = self
    change(&policy)
    return policy
  }
}

extension CountdownDocument {
  /// As people read it: `-` is not learned.
  fileprivate var script: String {
    ([question] + thoughts.map { ($0.isLearned ? "+ " : "- ") + $0.text } + [(learnsStop ? "+ " : "- ") + answer])
      .joined(separator: "\n")
  }
}

/// What a policy yields, in figures.
private struct CountdownStatistics: CustomStringConvertible {
  let description: String

  init(_ documents: [CountdownDocument]) {
    func mean(_ documents: [CountdownDocument], _ value: (CountdownDocument) -> Int) -> Double {
      let mean = Double(documents.reduce(0) { $0 + value($1) }) / Double(documents.count)
      return (mean * 1_000).rounded() / 1_000
    }
    func count(_ isCounted: @escaping (CountdownSentence) -> Bool) -> (CountdownDocument) -> Int {
      { $0.thoughts.flatMap(\.sentences).count(where: isCounted) }
    }
    let turns = count { if case .back = $0 { true } else { false } }
    let checks = count { if case .check = $0 { true } else { false } }
    let whole = documents.filter(\.learnsStop)
    var lines = [
      "thoughts \(mean(whole) { $0.thoughts.count })", "turns \(mean(whole, turns))",
      "not learned \(mean(whole) { $0.thoughts.count { !$0.isLearned } })",
      "cut \(mean(documents) { $0.learnsStop ? 0 : 1 })",
      "three numbers \(mean(documents) { $0.problem.numbers.count == 3 ? 1 : 0 })",
    ]
    for effort in [nil] + CountdownEffort.allCases {
      let some = whole.filter { $0.effort == effort }
      let letters = mean(some) { $0.thoughts.reduce(0) { $0 + $1.text.count } }
      lines.append("\(effort?.rawValue ?? "no effort") \(some.count): checks \(mean(some, checks)), letters \(letters)")
    }
    description = lines.joined(separator: "\n")
  }
}
