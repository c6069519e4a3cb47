extension WordProblem {
  /// The problems that evaluation asks and no model was trained on, no two with the same calculation: in turn one whose
  /// structure was trained with other numbers, and one whose structure was never trained.
  package static func heldOut(count: Int, seed: UInt64 = 123) -> [WordProblem] {
    var numbers = WordProblemGenerator(seed: seed, split: .heldOutNumbers)
    var structures = WordProblemGenerator(seed: seed, split: .heldOutStructure)
    let (first, second) = (numbers.distinct((count + 1) / 2), structures.distinct(count / 2))
    return (0..<count).map { $0.isMultiple(of: 2) ? first[$0 / 2] : second[$0 / 2] }
  }

  /// Problems from the training side of the split: what is calibrated or chosen on them has not seen what it is measured
  /// with. The models may have learned from some of them.
  package static func training(count: Int) -> [WordProblem] {
    var generator = WordProblemGenerator(seed: 124)
    return generator.distinct(count)
  }
}
