import TandemCommandLine
import TandemEvaluation

extension Report {
  /// The report for a terminal.
  func text(_ console: Console) -> StyledText {
    var text = StyledText(notices.map { "\("* \($0)".wrapped(console.width))\n" }.joined())
    for task in tasks {
      text += "\n" + StyledText(task.name.uppercased(), .bold) + "\n"
      for table in task.tables { text += "\n\(table.title)\n" + table.lines(console) }
      for note in task.notes { text += "\n" + StyledText(note.wrapped(console.width), .dim) + "\n" }
    }
    return text + "\n" + StyledText(methods.wrapped(console.width), .dim) + "\n"
  }
}

extension PaperReport {
  /// The report for a terminal.
  func text(_ console: Console) -> StyledText {
    var text = StyledText("\(paper). \(source).".wrapped(console.width), .bold) + "\n"
    for table in tables { text += "\n" + StyledText(table.title.uppercased(), .bold) + "\n" + table.lines(console) }
    for note in notes { text += "\n" + StyledText("* \(note)".wrapped(console.width), .dim) }
    return text + "\n"
  }
}

extension ReportTable {
  /// A table that is wider than the terminal continues below, with its first column repeated.
  fileprivate func lines(_ console: Console) -> StyledText {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    var blocks: [[Int]] = [[0]]
    for column in header.indices.dropFirst() {
      let last = blocks.count - 1
      let width = (blocks[last] + [column]).reduce(0) { $0 + widths[$1] + 2 } - 2
      let isFull = console.isTerminal && width > console.width && blocks[last].count > 1
      if isFull { blocks.append([0, column]) } else { blocks[last].append(column) }
    }
    return blocks.enumerated().reduce(into: StyledText()) { text, block in
      let columns = block.element
      let numbers = columns.indices.filter { columns[$0] >= leading }
      var lines = Table(columns.map { header[$0].uppercased() }, rightAligned: Set(numbers))
      for row in rows { lines.add(columns.map { row[$0] }) }
      text += (block.offset == 0 ? "" : "\n") + lines.text
    }
  }

}

extension String {
  /// With lines that are broken between words.
  fileprivate func wrapped(_ width: Int) -> String {
    var (broken, column) = ("", 0)
    for word in split(separator: " ") {
      let count = word.count
      let fits = column + 1 + count <= width
      if column > 0 { broken += fits ? " " : "\n" }
      broken += word
      column = (column > 0 && fits ? column + 1 : 0) + count
    }
    return broken
  }
}
