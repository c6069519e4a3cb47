import TandemCommandLine
import TandemEvaluation

extension Report {
  /// The report for a terminal.
  func text(_ console: Console) -> String {
    var text = notices.map { "\(wrapped("* \($0)", console.width))\n" }.joined()
    for task in tasks {
      text += "\n" + console.styled(task.name.uppercased(), .bold) + "\n"
      for table in task.tables { text += "\n\(table.title)\n" + lines(table, console) }
      for note in task.notes { text += "\n" + console.styled(wrapped(note, console.width), .dim) + "\n" }
    }
    return text + "\n" + console.styled(wrapped(methods, console.width), .dim) + "\n"
  }

  /// A table that is wider than the terminal continues below, with its first column repeated.
  private func lines(_ table: ReportTable, _ console: Console) -> String {
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
    return blocks.map { columns in
      let numbers = columns.indices.filter { columns[$0] >= table.leading }
      var lines = Table(columns.map { table.header[$0].uppercased() }, rightAligned: Set(numbers))
      for row in table.rows { lines.add(columns.map { row[$0] }) }
      return lines.lines(console)
    }.joined(separator: "\n")
  }

  /// Lines are broken between words.
  private func wrapped(_ text: String, _ width: Int) -> String {
    var (lines, line) = ([String](), "")
    for word in text.split(separator: " ") {
      if !line.isEmpty && line.count + 1 + word.count > width { (lines, line) = (lines + [line], "") }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
