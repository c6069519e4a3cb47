/// Columns of text, as wide as they need to be.
package struct Table {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  package init(_ header: [String], rightAligned: Set<Int> = []) {
    rows = [header]
    self.rightAligned = rightAligned
  }

  package mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, the header bold.
  package var text: StyledText {
    // Counting characters takes a walk over the text: once for each cell.
    let counts = rows.map { $0.map(\.count) }
    let widths = rows[0].indices.map { column in counts.map { $0[column] }.max() ?? 0 }
    let lines = zip(rows, counts).map { row, counts in
      var line = ""
      // Spaces are written before text only, so that none ends a line.
      var spaces = 0
      for (column, cell) in row.enumerated() {
        let padding = widths[column] - counts[column]
        if rightAligned.contains(column) { spaces += padding }
        if !cell.isEmpty {
          line += String(repeating: " ", count: spaces) + cell
          spaces = 0
        }
        spaces += (rightAligned.contains(column) ? 0 : padding) + 2
      }
      return line
    }
    return StyledText(lines[0], .bold) + "\n" + lines.dropFirst().map { $0 + "\n" }.joined()
  }
}
