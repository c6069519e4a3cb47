import TandemInference

/// What a model is trained on: a question, a trace of thoughts, an answer.
package struct CountdownDocument: Sendable, Hashable {
  package let problem: Countdown
  package let effort: CountdownEffort?
  package let thoughts: [CountdownThought]
  package let answer: String
  /// Whether the end of thinking is learned: not where the thinking was cut.
  package let learnsStop: Bool

  package var question: String { problem.question + (effort.map { " " + $0.sentence } ?? "") }
}

/// Documents from a seed: the same seed and policy, the same documents, byte for byte.
package struct CountdownDocuments: Sendable {
  package let policy: CountdownTracePolicy
  private var draws: SplitMix64
  private var problems: CountdownGenerator
  private var search: CountdownSearch

  /// Of the problems of `split`.
  package init(seed: UInt64, policy: CountdownTracePolicy = CountdownTracePolicy(), split: CountdownSplit = .training) {
    self.policy = policy
    draws = SplitMix64(seed: SplitMix64.derive(seed, 0))
    problems = CountdownGenerator(
      seed: SplitMix64.derive(seed, 1), split: split, threeNumberShare: policy.threeNumberShare)
    search = CountdownSearch(policy, seed: SplitMix64.derive(seed, 2))
  }

  package mutating func next() -> CountdownDocument {
    while true {
      let problem = problems.next()
      let effort = draws.chance(policy.effortShare) ? draws.pick(CountdownEffort.allCases) : nil
      let mistakes = CountdownMistake.allCases
      let mistake =
        draws.chance(policy.mistakeShare)
        ? mistakes[draws.index(weights: mistakes.map { policy.mistakes[$0] ?? 0 })] : nil
      let checks = draws.index(weights: effort.flatMap { policy.checksAtEffort[$0] } ?? policy.checks)
      guard let trace = search.trace(of: problem, mistake: mistake, checks: checks) else { continue }
      return document(of: problem, effort, trace)
    }
  }

  private mutating func document(
    of problem: Countdown, _ effort: CountdownEffort?, _ trace: CountdownTrace
  ) -> CountdownDocument {
    var thoughts = trace.thoughts
    let isCut = draws.chance(policy.truncatedShare)
    if isCut {
      thoughts.removeSubrange(draws.below(thoughts.count)...)
      for index in thoughts.indices { thoughts[index].isLearned = false }
    }
    return CountdownDocument(
      problem: problem, effort: effort, thoughts: thoughts, answer: "Answer: \(trace.solution.spelled).",
      learnsStop: !isCut)
  }
}
