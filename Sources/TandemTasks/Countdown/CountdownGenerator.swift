import TandemInference

/// Solvable Countdown problems from a seed: the same seed, the same problems.
package struct CountdownGenerator: Sendable {
  /// The numbers of a problem.
  package static let numbers = 1...12
  package static let targets = 10...40

  private let split: CountdownSplit
  private let threeNumberShare: Double
  private let minimumBlindSuccess: Double
  private var draws: SplitMix64
  private var solver = CountdownSolver()

  /// - Parameters:
  ///   - threeNumberShare: How many of the problems have three numbers; the others have four.
  ///   - minimumBlindSuccess: Leaves out problems that blind play solves less often than this.
  package init(
    seed: UInt64, split: CountdownSplit = .training, threeNumberShare: Double = 0, minimumBlindSuccess: Double = 0
  ) {
    self.split = split
    self.threeNumberShare = threeNumberShare
    self.minimumBlindSuccess = minimumBlindSuccess
    draws = SplitMix64(seed: seed)
  }

  package mutating func next() -> Countdown {
    let count = draws.chance(threeNumberShare) ? 3 : 4
    while true {
      let numbers = (0..<count).map { _ in draws.draw(from: Self.numbers) }
      let problem = Countdown(numbers: numbers, target: draws.draw(from: Self.targets))
      if isWanted(problem) { return problem }
    }
  }

  /// `count` problems of which no two differ only in the order of their numbers, in the order of the draws; fewer if
  /// `patience` draws in a row bring none that is new.
  package mutating func distinct(_ count: Int, patience: Int = 1_000) -> [Countdown] {
    var (keys, problems, repeated) = (Set<[Int]>(), [Countdown](), 0)
    while problems.count < count, repeated < patience {
      let problem = next()
      if keys.insert(problem.orderlessKey).inserted {
        problems.append(problem)
        repeated = 0
      } else {
        repeated += 1
      }
    }
    return problems
  }

  private mutating func isWanted(_ problem: Countdown) -> Bool {
    let state = CountdownState(problem.numbers)
    return !problem.numbers.contains(problem.target) && solver.canReach(problem.target, from: state)
      && CountdownSplit(problem) == split
      && (minimumBlindSuccess == 0 || solver.blindSuccess(problem.target, from: state) >= minimumBlindSuccess)
  }
}
