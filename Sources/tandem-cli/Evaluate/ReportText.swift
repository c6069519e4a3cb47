import TandemCommandLine
import TandemEvaluation

extension Report {
  /// The report for a terminal.
  func text(_ console: Console) -> StyledText {
    var text = StyledText(notices.map { "\(wrapped("* \($0)", console.width))\n" }.joined())
    for task in tasks {
      text += "\n" + StyledText(task.name.uppercased(), .bold) + "\n"
      for table in task.tables { text += "\n\(table.title)\n" + lines(table, console) }
      for note in task.notes { text += "\n" + StyledText(wrapped(note, console.width), .dim) + "\n" }
    }
    return text + "\n" + StyledText(wrapped(methods, console.width), .dim) + "\n"
  }

  /// A table that is wider than the terminal continues below, with its first column repeated.
  private func lines(_ table: ReportTable, _ console: Console) -> StyledText {
    let widths = table.header.indices.map { column in
      ([table.header] + table.rows).map { $0[column].count }.max() ?? 0
    }
    var blocks: [[Int]] = [[0]]
    for column in table.header.indices.dropFirst() {
      let last = blocks.count - 1
      let width = (blocks[last] + [column]).reduce(0) { $0 + widths[$1] + 2 } - 2
      let isFull = console.isTerminal && width > console.width && blocks[last].count > 1
      if isFull { blocks.append([0, column]) } else { blocks[last].append(column) }
    }
    return blocks.enumerated().reduce(into: StyledText()) { text, block in
      let columns = block.element
      let numbers = columns.indices.filter { columns[$0] >= table.leading }
      var lines = Table(columns.map { table.header[$0].uppercased() }, rightAligned: Set(numbers))
      for row in table.rows { lines.add(columns.map { row[$0] }) }
      text += (block.offset == 0 ? "" : "\n") + lines.text
    }
  }

  /// Lines are broken between words.
  private func wrapped(_ text: String, _ width: Int) -> String {
    var (broken, column) = ("", 0)
    for word in text.split(separator: " ") {
      let count = word.count
      let fits = column + 1 + count <= width
      if column > 0 { broken += fits ? " " : "\n" }
      broken += word
      column = (column > 0 && fits ? column + 1 : 0) + count
    }
    return broken
  }
}
