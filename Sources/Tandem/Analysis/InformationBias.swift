import TandemInference

/// How far the thinking about one problem is from that of a reference (InfoBias of Think or Not?, arXiv:2505.18237), as
/// the released code computes it (mi_estimators.py, chicosirius/think-or-not 5e68c2e).
///
/// It is defined not for one trace but for n chains of one problem, whose embeddings are compared with those of n
/// references, and it is scaled by the values of other problems. The dependence of chains and references
/// (`KernelDependence`), divided by the mean tokens of a chain, is mapped to 0…1 over all problems; the bias is 1 minus
/// that. So it compares problems of one list, and has no meaning beyond it.
///
/// The code's references are paraphrases of the gold solution by a 70B model, its embeddings those of a sentence
/// encoder, of length 1. We have neither: references are other, correct chains, and an embedding is any model's hidden
/// state of the last token, scaled to length 1. Chains and references are paired arbitrarily, as in the code.
public struct InformationBias: Sendable, Hashable, Codable {
  /// The problem.
  public let question: String
  /// Mean tokens of a chain.
  public let tokens: Double
  /// How much chains and references depend on each other, from 0 to n − 1.
  public let dependence: Double
  /// From 0 for the problem with the most dependence per token to 1 for the one with the least; 1 if they do not
  /// differ, as in the code.
  public let bias: Double

  /// One chain of thought.
  public struct Sample: Sendable, Hashable {
    /// The problem.
    public let question: String
    /// The tokens of the chain.
    public let tokens: Int
    /// The embedding, `[embedding size]`, of any length.
    public let embedding: [Float]

    /// A chain.
    public init(question: String, tokens: Int, embedding: [Float]) {
      self.question = question
      self.tokens = tokens
      self.embedding = embedding
    }
  }

  /// The bias of each problem with at least two chains and two references, in the order of their first chains.
  ///
  /// All are measured with the same number n of chains, since dependence grows with it: the fewest that such a problem
  /// has.
  public static func measure(of chains: [Sample], against references: [Sample]) -> [Self] {
    let ideal = Dictionary(grouping: references, by: \.question)
    var groups: [(question: String, chains: [Sample], references: [Sample])] = []
    for (question, chains) in Dictionary(grouping: chains, by: \.question) {
      guard chains.count > 1, let references = ideal[question], references.count > 1 else { continue }
      groups.append((question, chains, references))
    }
    let count = groups.map { min($0.chains.count, $0.references.count) }.min() ?? 0
    let order = Dictionary(chains.enumerated().map { ($1.question, $0) }) { first, _ in first }
    let measured = groups.sorted { (order[$0.question] ?? 0) < (order[$1.question] ?? 0) }.compactMap { group in
      let (rows, others) = (group.chains.prefix(count), group.references.prefix(count))
      let dependence = KernelDependence.value(of: rows.map(\.direction), on: others.map(\.direction))
      return dependence.map { (group.question, rows.reduce(0.0) { $0 + Double($1.tokens) } / Double(count), $0) }
    }
    let rates = measured.map { $0.2 / max($0.1, 1) }
    let (least, most) = (rates.min() ?? 0, rates.max() ?? 0)
    return zip(measured, rates).map { problem, rate in
      let share = most > least ? (rate - least) / (most - least) : 0
      return Self(question: problem.0, tokens: problem.1, dependence: problem.2, bias: 1 - share)
    }
  }
}

extension InformationBias.Sample {
  /// The embedding scaled to length 1.
  fileprivate var direction: [Float] {
    let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? embedding.map { $0 / length } : embedding
  }
}
