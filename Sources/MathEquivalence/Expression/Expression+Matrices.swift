extension Expression {
  /// A multiple, a sum or a transpose of matrices, and rows in brackets, as one matrix; anything else as it is.
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
    case .power(.matrix(let rows), .symbol("T")):
      guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else { return self }
      return .matrix((0..<width).map { column in rows.map { $0[column] } })
    case .tuple, .interval: return nestedRows.map { .matrix($0) } ?? self
    default: return self
    }
  }

  /// The members of a tuple or of a list in square brackets, which reads as a closed interval when it has two.
  private var bracketed: [Expression]? {
    switch self {
    case .tuple(let parts): parts
    case .interval(let low, let high, let ends): ends.lower && ends.upper ? [low, high] : nil
    default: nil
    }
  }

  /// `[[1, 2], [3, 4]]`: the rows of a matrix as programs write it.
  private var nestedRows: [[Expression]]? {
    guard let parts = bracketed else { return nil }
    let rows = parts.compactMap(\.bracketed)
    return rows.count == parts.count ? rows : nil
  }

  /// The determinant, expanded while it is small; otherwise only its name.
  static func determinant(_ rows: [[Expression]]) -> Expression {
    let name = Expression.function("det", [.matrix(rows)])
    guard (1...3).contains(rows.count), rows.allSatisfy({ $0.count == rows.count }), name.size <= 64 else {
      return name
    }
    return expanded(rows)
  }

  private static func expanded(_ rows: [[Expression]]) -> Expression {
    guard rows.count > 1 else { return rows[0][0] }
    return .sum(
      rows[0].enumerated().map { column, entry in
        let minor = rows.dropFirst().map { row in
          row.enumerated().filter { $0.offset != column }.map(\.element)
        }
        let term = Expression.product([entry, expanded(minor)])
        return column.isMultiple(of: 2) ? term : term.negated
      })
  }

  /// How many parts it has, itself included.
  private var size: Int { 1 + children.reduce(0) { $0 + $1.size } }

  private var isMatrix: Bool {
    if case .matrix = self { true } else { false }
  }
}
