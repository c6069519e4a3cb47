/// The chance that the answer given most often among k is right (self-consistency, Wang et al. 2022, arXiv:2203.11171).
package enum MajorityAtK {
  /// The exact expectation over all choices of k from the answers of a problem, as pass@k is one: not the luck of one
  /// choice. Of several answers given equally often, each is as likely the one taken.
  ///
  /// - Parameters:
  ///   - correct: How many answers are right; they are one and the same answer.
  ///   - others: How often each wrong answer was given.
  ///   - abstaining: How many runs gave no answer; they have no vote.
  ///   - k: From 1 to the number of all these.
  package static func estimate(correct: Int, others: [Int], abstaining: Int, k: Int) -> Double {
    let all = choose(correct + abstaining + others.reduce(0, +), k)
    // By how many votes the right answer wins, and how many others have as many.
    return (1..<min(correct, k) + 1).reduce(0.0) { sum, votes in
      // ways[ties][drawn]: choices of `drawn` answers among the others, none of them with more than `votes`.
      var ways = [(0...k).map { choose(abstaining, $0) }]
      for count in others { ways = adding(count, votes: votes, to: ways) }
      return ways.enumerated().reduce(sum) { sum, row in
        sum + choose(correct, votes) * row.element[k - votes] / all / Double(row.offset + 1)
      }
    }
  }

  /// Takes another answer into account, which was given `count` times.
  private static func adding(_ count: Int, votes: Int, to ways: [[Double]]) -> [[Double]] {
    let k = ways[0].count - 1
    var next = [[Double]](repeating: [Double](repeating: 0, count: k + 1), count: ways.count + 1)
    for (ties, row) in ways.enumerated() {
      for drawn in 0...k where row[drawn] > 0 {
        for taken in 0...min(count, votes, k - drawn) {
          next[ties + (taken == votes ? 1 : 0)][drawn + taken] += row[drawn] * choose(count, taken)
        }
      }
    }
    return next
  }

  /// The binomial coefficient; 0 where there are not enough.
  private static func choose(_ n: Int, _ k: Int) -> Double {
    k > n ? 0 : (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
