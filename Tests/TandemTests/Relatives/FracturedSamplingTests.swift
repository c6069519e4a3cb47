import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Fractured sampling, the relative` {
  private func run(_ texts: [String], branches: Int, budget: Budget = .init()) async -> Run {
    var strategy = FracturedSampling()
    (strategy.branches, strategy.answers) = (branches, 1)
    return await Pair(small: ScriptedModel(scripts: ["": texts]), budget: budget).run(strategy)
  }

  @Test func `takes the answer that most cuts agree on, and the longest thinking that led to it`() async throws {
    let run = await run(["ABCD</think>", "one<|im_end|>", "two<|im_end|>", "two.<|im_end|>"], branches: 3)
    #expect(
      run.trace.description == """
        ? draft 3  [vote]
        small - = one  [outvoted]
        small - = two  [outvoted]
        small + ABCD </>
        small + = two.
        = stop: two.
        """)
    #expect(run.selection?.scores == [1, 2, 2])
    let usage = try run.outcome.usage.small
    #expect(usage.thinking == 5)
    #expect(usage.prompt == 5)  // "Q" and the marker, once for the chain and all its cuts
    #expect(usage.scored == (2 + 1 + 2) * 2)  // a forced end and what follows it, after two of the three
    #expect(usage.reevaluated == 0)
  }

  @Test func `ends the chain where the answer was found`() async throws {
    let run = await run(["ABCD</think>", "one<|im_end|>", "one<|im_end|>", "two<|im_end|>"], branches: 3)
    #expect(
      run.trace.description == """
        ? draft 2  [vote]
        small - = one  [outvoted]
        small - = two  [outvoted]
        small + ABC
        small - D </>  [outvoted]
        inserted +  </>
        inserted + =\u{20}
        small + = one
        = stop: one
        """)
    let usage = try run.outcome.usage.small
    #expect(usage.thinking == 3)
    #expect(usage.inserted == 2 + 1 + 2)
    #expect(usage.scored == 2 + 1 + 2)
    #expect(try run.outcome.isTruncated == false)
  }

  @Test func `answers a chain that its budget has cut`() async throws {
    let run = await run(
      ["ABCD and so on", "one<|im_end|>", "two<|im_end|>", "two<|im_end|>"], branches: 3,
      budget: Budget(thinkingTokens: 4))
    #expect(run.thinking == "ABCD\n\n")
    #expect(try run.outcome.finish == .budget)
    #expect(try run.outcome.answer == "two")
  }

  @Test func `with one branch and one answer is the baseline, token by token`() async throws {
    var strategy = FracturedSampling()
    (strategy.branches, strategy.answers) = (1, 1)
    for seed in 0..<6 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small"))
      let (run, alone) = (await pair.run(strategy, seed: seed), await pair.run(SmallOnly(), seed: seed))
      #expect(run.trace.description == alone.trace.description)
    }
  }

  @Test func `thinks as the baseline does, whatever it cuts`() async throws {
    for seed in 0..<6 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small"))
      let (run, alone) = (await pair.run(FracturedSampling(), seed: seed), await pair.run(SmallOnly(), seed: seed))
      let whole = run.trace.events.compactMap { event -> String? in
        switch event {
        case .accepted(let thought) where thought.segment == .thinking && thought.author == .small: thought.text
        case .rejected(let thought, _) where thought.segment == .thinking: thought.text
        default: nil
        }
      }
      #expect(whole.joined() == alone.thinking)
    }
  }

  @Test(arguments: [(16, 4, [4, 8, 12, 16]), (5, 3, [1, 3, 5]), (2, 4, [1, 2]), (3, 1, [3]), (0, 2, [])])
  func `cuts after equal parts, the last one being all of it`(count: Int, parts: Int, cuts: [Int]) {
    #expect(FracturedSampling.cuts(count, into: parts) == cuts)
  }

  @Test(arguments: [("branches", 0, 4096), ("branches", .max, 4096), ("answers", 0, 255), ("answers", 300, 255)])
  func `has at least one of everything, and no more than there is room for`(name: String, value: Int, most: Int) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: "must be from 1 to \(most), not \(value)")) {
      try Strategies.make("fractured-sampling", settings: [name: .integer(value)])
    }
  }
}

@Suite struct `A vote` {
  @Test(
    arguments: [
      ("The answer is \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"), ("\\boxed{1} or \\boxed{2}", "2"),
      ("\\boxed{1", "\\boxed{1"),
      ("21 - 15 = 6. #### 6", "6"), ("Answer: 5 + 3 = 8, 8 * 3 = 24.", "5+3=8,8*3=24"),
      ("So it is.\n\n**42**\n", "**42**"),
      ("$7$", "7"), ("ANSWER: b", "b"), ("  \n ", nil), ("", nil),
    ] as [(String, String?)])
  func `compares what is marked as the answer, without its form`(answer: String, key: String?) {
    #expect(Vote.key(of: answer) == key)
  }

  @Test func `is won by the first of the most frequent`() {
    #expect(Vote.winner(among: ["a", "b", "b", nil, nil, nil]) == 1)
    #expect(Vote.winner(among: ["a", "b"]) == 0)
    #expect(Vote.winner(among: [nil, nil]) == nil)
    #expect(Vote.winner(among: []) == nil)
    #expect(Vote.counts(of: ["a", nil, "b", "a"]) == [2, 0, 1, 2])
  }
}

@Suite struct `Length-filtered vote, the relative` {
  private func run(_ texts: [String], _ change: (inout LengthFilteredVote) -> Void = { _ in }) async -> Run {
    var strategy = LengthFilteredVote()
    strategy.samples = texts.count
    change(&strategy)
    return await Pair(small: ScriptedModel(scripts: ["": texts])).run(strategy)
  }

  @Test func `lets the lengths vote at which answers agree`() async throws {
    // Three short chains that disagree outvote nobody; two of middle length agree.
    let texts = [
      "A.</think>1<|im_end|>", "B.</think>2<|im_end|>", "C.</think>3<|im_end|>", "A.\n\nB.\n\nC.</think>6<|im_end|>",
      "B.\n\nC.\n\nD.</think>6<|im_end|>",
    ]
    let run = await run(texts) { $0.groups = 1 }
    #expect(try run.outcome.answer == "6")
    #expect(run.rejected.filter { $0.segment == .answer }.count == 4)
    #expect(try #require(run.selection?.scores).sorted() == [0, 0, 0, 2, 2])
  }

  @Test func `without a filter is the majority of all`() async throws {
    let texts = [
      "A.</think>1<|im_end|>", "B.</think>1.<|im_end|>", "C.</think>1<|im_end|>", "A.\n\nB.\n\nC.</think>6<|im_end|>",
      "B.\n\nC.\n\nD.</think>6<|im_end|>",
    ]
    let run = await run(texts) { $0.groups = LengthFilteredVote.selfConsistency.groups }
    #expect(try run.outcome.answer?.hasPrefix("1") == true)
    #expect(try #require(run.selection?.scores).sorted() == [2, 2, 3, 3, 3])
  }

  @Test func `takes the first chain where nobody has an answer`() async throws {
    let pair = Pair(small: FunctionModel.thinker("small", stop: 0), budget: Budget(thinkingTokens: 5))
    let run = await pair.run(LengthFilteredVote())
    #expect(run.selection?.chosen == nil)
    #expect(try run.outcome.finish == .budget)
    #expect(try run.outcome.answer != nil)
  }

  @Test func `groups by length, least entropy first, and the larger of two that agree`() {
    func voters(_ lengths: [Int], _ keys: [String?], _ change: (inout LengthFilteredVote) -> Void = { _ in }) -> [Int] {
      var strategy = LengthFilteredVote()
      (strategy.width, strategy.groups) = (2, 1)
      change(&strategy)
      return strategy.voters(lengths: lengths, keys: keys).sorted()
    }
    // Lengths 2 and 3 are a group, 4 and 5 another.
    #expect(voters([2, 3, 4, 5], ["a", "b", "c", "c"]) == [2, 3])
    #expect(voters([2, 4, 5], ["a", "c", "c"]) == [1, 2])
    #expect(voters([2, 4, 5], ["a", "c", "d"]) == [0])  // alone, and so in agreement
    #expect(voters([2, 4, 5], ["a", "c", "d"]) { $0.minimumGroup = 2 } == [1, 2])
    #expect(voters([2, 4, 6], ["a", "b", "c"]) { $0.minimumGroup = 2 } == [0, 1, 2])  // no group is large enough
    #expect(voters([2, 4, 5], [nil, "c", nil]) == [1])
    #expect(voters([2, 3, 9], ["a", "b", "c"]) { $0.groups = 0 } == [0, 1, 2])
    #expect(voters([2, 3, 4, 8], ["a", "b", "c", "d"]) { $0.groups = 2 } == [2, 3])
  }

  @Test(arguments: ["width", "minimumGroup"]) func `has at least one of everything`(name: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: "must be from 1 to 10000000, not 0")) {
      try Strategies.make("length-filtered-vote", settings: [name: 0])
    }
  }

  @Test(arguments: [0, 256]) func `has no more chains than there is room for`(samples: Int) {
    #expect(throws: ReasoningError.invalidSetting(name: "samples", reason: "must be from 1 to 255, not \(samples)")) {
      try Strategies.make("length-filtered-vote", settings: ["samples": .integer(samples)])
    }
  }
}
