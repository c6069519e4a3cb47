/// Columns of text, as wide as they need to be.
package struct Table {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  package init(_ header: [String], rightAligned: Set<Int> = []) {
    rows = [header]
    self.rightAligned = rightAligned
  }

  package mutating func add(_ row: [String]) { rows.append(row) }

  package func lines(_ console: Console) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.enumerated().map { index, row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return rightAligned.contains(column) ? padding + cell : cell + padding
      }
      let line = cells.joined(separator: "  ").replacing(/[ ]+$/, with: "")
      return index == 0 ? console.styled(line, .bold) : line
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
