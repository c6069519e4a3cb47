/// The chance that at least one of k answers is right.
package enum PassAtK {
  /// The unbiased estimator from n answers (Chen et al. 2021, arXiv:2107.03374, 2.1): 1 - C(n-c, k) / C(n, k).
  ///
  /// - Parameters:
  ///   - answers: n, how many there are.
  ///   - correct: c, how many of them are right.
  ///   - k: From 1 to n.
  package static func estimate(answers: Int, correct: Int, k: Int) -> Double {
    let wrong = answers - correct
    guard wrong >= k else { return 1 }
    // As a product: the binomials themselves are too large for a Double.
    let allWrong = (wrong + 1..<answers + 1).reduce(1.0) { product, n in product * (1 - Double(k) / Double(n)) }
    return 1 - allWrong
  }

  /// The values of k that are worth a column: 1, 2, 4, 8 and so on below n, and n.
  package static func columns(upTo answers: Int) -> [Int] {
    let powers = sequence(first: 1) { $0 * 2 }.prefix { $0 < answers }
    return answers < 1 ? [] : Array(powers) + [answers]
  }
}
