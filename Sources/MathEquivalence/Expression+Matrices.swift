extension Expression {
  /// A multiple or a sum of matrices as one matrix; anything else as it is.
  var workedOutMatrix: Expression {
    switch self {
    case .product(let parts):
      guard let index = parts.firstIndex(where: \.isMatrix), case .matrix(let rows) = parts[index],
        parts.filter(\.isMatrix).count == 1
      else { return self }
      var scalars = parts
      scalars.remove(at: index)
      return .matrix(rows.map { row in row.map { .product(scalars + [$0]) } })
    case .sum(let parts):
      var total: [[Expression]]?
      for part in parts {
        guard case .matrix(let rows) = part.workedOutMatrix else { return self }
        guard let sum = total else {
          total = rows
          continue
        }
        guard sum.map(\.count) == rows.map(\.count) else { return self }
        total = zip(sum, rows).map { pair in zip(pair.0, pair.1).map { .sum([$0, $1]) } }
      }
      return total.map { .matrix($0) } ?? self
    default: return self
    }
  }

  private var isMatrix: Bool {
    if case .matrix = self { true } else { false }
  }
}
