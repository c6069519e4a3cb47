import TandemInference

/// Word problems from a seed: the same seed, the same problems.
package struct WordProblemGenerator: Sendable {
  /// How many calculations an answer takes.
  package static let steps = 2...8

  private let split: WordSplit
  private var draws: SplitMix64

  package init(seed: UInt64, split: WordSplit = .training) {
    self.split = split
    draws = SplitMix64(seed: seed)
  }

  package mutating func next() -> WordProblem {
    while true {
      let count = draws.draw(from: Self.steps)
      guard var graph = WordGraph(steps: count, &draws) else { continue }
      if draws.chance(0.35) { graph.addUnneeded(draws.draw(from: 1...2), &draws) }
      guard let problem = graph.problem(&draws), WordSplit(problem) == split else { continue }
      return problem
    }
  }

  /// `count` problems of which no two have the same calculation with the same numbers.
  package mutating func distinct(_ count: Int) -> [WordProblem] {
    var (keys, problems) = (Set<String>(), [WordProblem]())
    while problems.count < count {
      let problem = next()
      if keys.insert(WordSplit.key(of: problem, withNumbers: true)).inserted { problems.append(problem) }
    }
    return problems
  }
}
