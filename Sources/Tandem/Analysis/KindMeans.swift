/// The mean hidden state before thoughts of each kind, summed in double precision.
public struct KindMeans: Sendable {
  private var sums: [ThoughtKind: [Double]] = [:]
  private var counts: [ThoughtKind: Int] = [:]

  /// No rows yet.
  public init() {}

  /// The number of rows of a kind.
  public func count(of kind: ThoughtKind) -> Int { counts[kind, default: 0] }

  /// Adds a hidden state, `[embedding size]`; all have the same size.
  public mutating func add(_ row: [Float], before kind: ThoughtKind) {
    let sum = sums[kind] ?? Array(repeating: 0, count: row.count)
    sums[kind] = zip(sum, row).map { $0 + Double($1) }
    counts[kind, default: 0] += 1
  }

  /// SEAL's direction, `[embedding size]`: S = mean(execution) − mean(reflection ∪ transition) (arXiv:2504.07986,
  /// Sec. 3). Nil if one side has no rows.
  public var direction: [Float]? {
    guard let execution = mean(of: [.execution]), let others = mean(of: [.reflection, .transition]) else { return nil }
    return zip(execution, others).map { Float($0 - $1) }
  }

  /// Over all rows of these kinds, not over the means of each.
  private func mean(of kinds: [ThoughtKind]) -> [Double]? {
    let rows = kinds.compactMap { sums[$0] }
    guard let first = rows.first else { return nil }
    let total = rows.dropFirst().reduce(first) { sum, row in zip(sum, row).map { $0 + $1 } }
    let count = Double(kinds.reduce(0) { $0 + self.count(of: $1) })
    return total.map { $0 / count }
  }
}
