import Tandem
import Testing

@testable import TandemTasks

@Suite struct `Documents of word problems` {
  @Test func `are the same for the same seed, and others for another`() {
    #expect(documents(30, seed: 4) == documents(30, seed: 4))
    #expect(documents(30, seed: 4) != documents(30, seed: 5))
  }

  @Test func `have no fault in what is learned, and a right answer`() {
    for document in documents(2_000, seed: 1, WordTracePolicy().with { $0.mistakeShare = 0.5 }) {
      let faults = check(document).faults
      for (thought, faults) in zip(document.thoughts, faults) where thought.isLearned {
        #expect(faults.isEmpty, "\(document.question)\n\(thought.text): \(faults)")
      }
      if case .answer = document.ending, document.instruction != .outline {
        #expect(faults.last?.isEmpty == true, "\(document.script)")
      }
    }
  }

  @Test(arguments: WordMistake.allCases)
  func `make the mistakes that are asked for, and correct each in what follows`(_ mistake: WordMistake) {
    let policy = WordTracePolicy().with {
      ($0.mistakeShare, $0.mistakes) = (1, [mistake: 1])
      ($0.truncatedShare, $0.instructionShare, $0.missingShare) = (0, 0, 0)
    }
    var count = 0
    for document in documents(300, seed: 2, policy) {
      let wrong = zip(document.thoughts, check(document).faults).filter { $0.1.contains { $0.isWrong } }
      #expect(wrong.allSatisfy { !$0.0.isLearned })
      #expect(wrong.count == document.thoughts.count { !$0.isLearned })
      count += wrong.count
      guard !wrong.isEmpty else { continue }
      switch mistake {
      case .slip: #expect(document.script.contains("Hold on, "))
      case .misreading: #expect(document.script.contains("I misread that."))
      case .hiddenSlip: #expect(document.script.contains("That is wrong."))
      }
    }
    #expect(count > 150, "\(mistake): \(count)")
  }

  @Test func `read back as the sentences they are made of`() {
    for document in documents(300, seed: 6) {
      for sentence in document.thoughts.flatMap(\.sentences) {
        #expect(WordSentence(sentence.description, about: document.problem) == sentence, "\(sentence)")
      }
    }
  }

  @Test func `ask in the words that the strategies send`() {
    for document in documents(500, seed: 7, WordTracePolicy().with { $0.instructionShare = 1 }) {
      let question = document.problem.question
      switch document.instruction {
      case .effort: #expect(PromptTemplate.efforts.contains { document.question == question + $0.suffix })
      case .draft:
        #expect(document.system == ChainOfDraft().instruction)
        #expect(document.thoughts.allSatisfy { $0.text.split(separator: " ").count <= 5 })
      case .hint:
        #expect(document.thoughts.compactMap(\.inserted) == [ConciseHint().hint])
        let after = document.thoughts.drop { $0.inserted == nil }
        #expect(after.allSatisfy { $0.text.split(separator: " ").count <= 5 })
      case .outline:
        #expect(document.question == CoThink().planRequest.replacing("{question}", with: question))
        #expect(document.answer.contains("1. Look up ") && !document.answer.contains("="))
      case .alongOutline:
        #expect(document.question.hasPrefix(question + "\n\nOutline:\n1. Look up "))
        #expect(document.question.hasSuffix("Put the final answer in \\boxed{}."))
      case .mark:
        guard case .mark(let asking, let beginning, let mark) = document.ending else {
          Issue.record("there is no mark")
          continue
        }
        #expect(asking == SpecReason().question && beginning == SpecReason().beginning)
        let isWrong = check(document).faults.prefix(document.thoughts.count).last?.contains { $0.isWrong }
        #expect(isWrong == (mark < 4), "\(document.script)")
      case nil: #expect(WordSolver(document.problem).answer == nil)
      }
    }
  }

  @Test func `say that something is missing where it is`() {
    for document in documents(100, seed: 8, WordTracePolicy().with { $0.missingShare = 1 }) {
      #expect(WordSolver(document.problem).answer == nil)
      #expect(document.thoughts.last?.text.contains("Nothing in the story tells us") == true)
      #expect(document.problem.gold.judge(document.answer, by: .standard).verdict == .correct)
    }
  }

  @Test func `have more thinking the more effort is asked for`() {
    let policy = WordTracePolicy().with { ($0.instructionShare, $0.instructions) = (1, [.effort: 1]) }
    let documents = documents(900, seed: 9, policy)
    let lengths = CountdownEffort.allCases.map { effort in
      let texts = documents.filter { $0.effort == effort }.map { $0.thoughts.map(\.text).joined() }
      return texts.reduce(0) { $0 + $1.count } / texts.count
    }
    #expect(lengths[0] + 30 < lengths[1] && lengths[1] + 30 < lengths[2], "\(lengths)")
  }

  @Test func `are of training problems unless others are asked for`() {
    #expect(documents(200, seed: 10).allSatisfy { WordSplit($0.problem).map { $0 == .training } ?? true })
    for split in [WordSplit.heldOutNumbers, .heldOutStructure] {
      var heldOut = WordDocuments(seed: 10, policy: WordTracePolicy().with { $0.missingShare = 0 }, split: split)
      for _ in 0..<20 { #expect(WordSplit(heldOut.next().problem) == split) }
    }
  }

  /// A change of design changes these; whoever changes it reads them here.
  @Test func `stay what they are, byte for byte`() {
    // A sentence of a story in each line.
    let short = documents(60, seed: 1).map(\.script).filter { $0.count < 600 }.prefix(4)
    #expect(
      short.joined(separator: "\n\n").replacing(/([a-z0-9][.?]) (?=[A-Z])/) { "\($0.1)\n" } == """
        On Wednesday, the baker sells 5 loaves.
        The baker sells 3 fewer loaves on Sunday than on Wednesday.
        The baker sells as many loaves on Friday as on Sunday and Wednesday together.
        What is the number of Tuesday's loaves?
        + We need Tuesday's loaves.
        + Hold on, what about Tuesday's loaves?
        Nothing in the story tells us Tuesday's loaves.
        + It cannot be determined: a number is missing.

        Max makes exactly 12 kites.
        Lena makes 4 times as many kites as Max.
        Together, Max and Lena make just as many kites as Ida.
        How many kites does Ida make?
        + We need Ida's kites.
        Together, Max and Lena make just as many kites as Ida.
        + Hold on, what about Max's kites?
        Max makes exactly 12 kites.
        + Hold on, what about Lena's kites?
        Lena makes 4 times as many kites as Max.
        + Then Lena's kites: 12 * 4 = 48.
        + That gives Ida's kites: 12 + 48 = 60.
        + Let me verify: 12 * 4 = 48, 12 + 48 = 60.
        Correct.
        + Yes, the answer is 60.
        + The answer is \\boxed{60}.

        Leo finds 13 shells.
        Compared with Leo, Mia finds 5 more shells.
        For each of Leo's shells, Zoe finds 4.
        Sam finds exactly 4 shells.
        The town is 24 kilometres away.
        For each of Sam's shells, Tom finds 2.
        The number of shells that Hugo finds is the difference between Mia's and Tom's.
        Ann finds 8 fewer shells than Hugo.
        Compared with Ann, Noah finds 7 more shells.
        How many shells does Noah find?
        + 13 + 5 = 18.
        + 4 * 2 = 8.
        + 18 - 8 = 10.
        + 10 - 8 = 2.
        + 2 + 7 = 9.
        + #### \\boxed{9}

        Ruth has exactly 10 marbles.
        Compared with Ruth, Lena has 4 times as many marbles.
        Nina has 3 fewer marbles than Lena.
        Eva has 4 marbles more than Nina.
        What is the number of Eva's marbles?
        + 10 * 4 = 40.
        + 40 - 3 = 37.
        + 37 + 4 = 41.
        + #### \\boxed{41}
        """)
  }

  @Test func `are distributed as the policy says`() {
    #expect(
      WordStatistics(documents(1_000, seed: 1)).description == """
        steps 4.508
        words of a question 70.016
        thoughts 12.604, words 157.974
        reflecting 4.331, affirming 0.897
        not learned 0.118
        without an answer 0.06
        cut 0.053
        effort 141: words 169.418
        draft 59: words 23.22
        hint 48: words 57.75
        outline 43: words 4.744
        along-outline 38: words 104.579
        mark 35: words 113.143
        low: words 142.429
        medium: words 174.0
        high: words 202.05
        """)
  }

  private func documents(
    _ count: Int, seed: UInt64, _ policy: WordTracePolicy = WordTracePolicy()
  ) -> [WordDocument] {
    var documents = WordDocuments(seed: seed, policy: policy)
    return (0..<count).map { _ in documents.next() }
  }

  /// By the problem that the question poses, not by the one that the writer had.
  private func check(_ document: WordDocument) -> WordTraceCheck {
    let problem = WordProblem(question: document.problem.question) ?? document.problem
    return WordTraceCheck(of: document.thoughts.map(\.text), answer: document.answer, about: problem)
  }
}

extension WordTracePolicy {
  fileprivate func with(_ change: (inout Self) -> Void) -> Self {
    var policy = self
    change(&policy)
    return policy
  }
}

extension WordDocument {
  fileprivate var answer: String { if case .answer(let answer) = ending { answer } else { "" } }

  /// As people read it: `-` is not learned.
  fileprivate var script: String {
    let last =
      switch ending {
      case .answer(let answer): (learnsStop ? "+ " : "- ") + answer
      case .mark(_, let beginning, let mark): "? " + beginning + "\(mark)"
      }
    let thoughts = thoughts.map { ($0.isLearned ? "+ " : "- ") + ($0.inserted ?? "") + $0.text }
    return ([question] + thoughts + [last]).joined(separator: "\n")
  }
}
