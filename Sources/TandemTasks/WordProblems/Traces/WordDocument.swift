import TandemInference

/// What a model is trained on: a question, thoughts, and an answer or a mark.
package struct WordDocument: Sendable, Hashable {
  package let problem: WordProblem
  package let instruction: WordInstruction?
  /// The effort that is asked for, if it is.
  package let effort: CountdownEffort?
  /// The system message.
  package let system: String?
  /// What the user says: the problem's question, with what an instruction puts around it.
  package let question: String
  package let thoughts: [WordThought]
  package let ending: Ending
  /// Whether the end of thinking is learned: not where the thinking was cut.
  package let learnsStop: Bool

  package enum Ending: Sendable, Hashable {
    case answer(String)
    /// A turn of the user about the last thought, the beginning of the reply, and the mark, which alone is learned.
    case mark(asking: String, beginning: String, Int)
  }
}

/// Documents from a seed: the same seed and policy, the same documents, byte for byte.
package struct WordDocuments: Sendable {
  package let policy: WordTracePolicy
  private var draws: SplitMix64
  private var problems: WordProblemGenerator

  /// Of the problems of `split`.
  package init(seed: UInt64, policy: WordTracePolicy = WordTracePolicy(), split: WordSplit = .training) {
    self.policy = policy
    draws = SplitMix64(seed: SplitMix64.derive(seed, 0))
    problems = WordProblemGenerator(seed: SplitMix64.derive(seed, 1), split: split)
  }

  package mutating func next() -> WordDocument {
    var problem = problems.next()
    if draws.chance(policy.reorderedShare) { problem = problem.reordered(seed: draws.next()) }
    if draws.chance(policy.missingShare), let less = problem.missingData(seed: draws.next()) {
      return document(of: less, nil)
    }
    let kinds = WordInstruction.allCases
    let instruction =
      draws.chance(policy.instructionShare)
      ? kinds[draws.index(weights: kinds.map { policy.instructions[$0] ?? 0 })] : nil
    return document(of: problem, instruction)
  }

  private mutating func document(of problem: WordProblem, _ instruction: WordInstruction?) -> WordDocument {
    let effort = instruction == .effort ? draws.pick(CountdownEffort.allCases) : nil
    let (solver, style) = (WordSolver(problem), WordStyle(instruction))
    let mistakes = WordMistake.allCases
    let share = instruction == .mark ? policy.markedMistakeShare : policy.mistakeShare
    let mistake =
      instruction != .hint && draws.chance(share)
      ? mistakes[draws.index(weights: mistakes.map { policy.mistakes[$0] ?? 0 })] : nil
    var reasoning = WordReasoning(
      problem, style, policy, mistake: mistake, hintAt: instruction == .hint ? 1 + draws.below(solver.steps) : nil,
      &draws)
    reasoning.think(checks: draws.index(weights: effort.flatMap { policy.checksAtEffort[$0] } ?? policy.checks), &draws)
    var (thoughts, isCut, question) = (reasoning.thoughts, false, problem.question)
    var ending = WordDocument.Ending.answer(Self.answer(solver, instruction))
    switch instruction {
    case .outline:
      question = WordInstruction.outlineRequest(question)
      thoughts = [WordThought(sentences: [.goal(problem.goal)])]
      ending = .answer(solver.outline(of: problem))
    case .alongOutline: question = WordInstruction.request(question, along: solver.outline(of: problem))
    case .mark:
      thoughts = marked(thoughts)
      ending = .mark(
        asking: WordInstruction.judging, beginning: WordInstruction.markBeginning, thoughts.last?.mark ?? 9)
    case .effort: question += effort.map { " " + $0.sentence } ?? ""
    case .draft, .hint: break
    case nil:
      isCut = solver.answer != nil && draws.chance(policy.truncatedShare)
      if isCut { thoughts = Array(thoughts[..<draws.below(thoughts.count)]).unlearned }
    }
    return WordDocument(
      problem: problem, instruction: instruction, effort: effort,
      system: instruction == .draft ? WordInstruction.drafting : nil, question: question, thoughts: thoughts,
      ending: ending, learnsStop: !isCut && instruction != .mark)
  }

  /// The beginning of a thinking up to a thought that is to be marked; none of it is learned.
  private mutating func marked(_ thoughts: [WordThought]) -> [WordThought] {
    let wrong = thoughts.indices.filter { thoughts[$0].mark < 9 }
    let place = draws.chance(0.8) ? draws.pick(wrong) : nil
    return Array(thoughts[...(place ?? draws.below(thoughts.count))]).unlearned
  }

  private static func answer(_ solver: WordSolver, _ instruction: WordInstruction?) -> String {
    guard let answer = solver.answer else { return "It cannot be determined: a number is missing." }
    return instruction == .draft ? "#### \\boxed{\(answer)}" : "The answer is \\boxed{\(answer)}."
  }
}

extension WordStyle {
  fileprivate init(_ instruction: WordInstruction?) {
    switch instruction {
    case .draft: self = .draft
    case .alongOutline: self = .planned
    default: self = .full
    }
  }
}

extension [WordThought] {
  fileprivate var unlearned: Self {
    map { thought in
      var thought = thought
      thought.isLearned = false
      return thought
    }
  }
}
