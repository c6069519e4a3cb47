import TandemInference

/// Changes of a problem that Math-RoB measures with, and that only who made it can make rightly.
extension WordProblem {
  /// The same story with its sentences in another order: each holds wherever it stands, so the answer is the same.
  package func reordered(seed: UInt64) -> Self {
    var draws = SplitMix64(seed: seed)
    var (left, order) = (statements, [WordStatement]())
    while !left.isEmpty { order.append(left.remove(at: draws.below(left.count))) }
    // A story of two sentences may come out as it was.
    return Self(scene: scene, statements: order == statements ? order.reversed() : order, asked: asked)
  }

  /// The story without one sentence that the answer needs; nil if it has none, or if something is missing already.
  package func missingData(seed: UInt64) -> Self? {
    let solver = WordSolver(self)
    guard solver.answer != nil else { return nil }
    let needed = Set(solver.needed)
    let places = statements.indices.filter { statements[$0].quantity.map(needed.contains) ?? false }
    var (draws, fewer) = (SplitMix64(seed: seed), statements)
    guard let place = draws.pick(places) else { return nil }
    fewer.remove(at: place)
    return Self(scene: scene, statements: fewer, asked: asked)
  }
}
