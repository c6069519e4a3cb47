extension Report {
  /// The report as GitHub-flavoured Markdown.
  package var markdown: String {
    var parts = notices.map { "> \($0.markdownText)" }
    if !parts.isEmpty { parts = [parts.joined(separator: "\n>\n")] }
    for task in tasks {
      parts.append("## \(task.name.markdownText)")
      for table in task.tables { parts.append("**\(table.title.markdownText)**\n\n\(table.markdown)") }
      parts += task.notes.map(\.markdownText)
    }
    return (parts + [methods.markdownText]).joined(separator: "\n\n") + "\n"
  }
}

extension PaperReport {
  /// The report as GitHub-flavoured Markdown.
  package var markdown: String {
    let parts =
      ["\(paper). \(source).".markdownText]
      + tables.map { "## \($0.title.markdownText)\n\n\($0.markdown)" } + notes.map(\.markdownText)
    return parts.joined(separator: "\n\n") + "\n"
  }
}

extension ReportTable {
  fileprivate var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.map(\.markdownText).joined(separator: " | ") + " |" }
    let rule = header.indices.map { $0 < leading ? "---" : "---:" }
    return ([line(header), "| " + rule.joined(separator: " | ") + " |"] + rows.map(line)).joined(separator: "\n")
  }
}

extension String {
  /// Text that comes from data is shown as it is, whatever Markdown would make of it.
  fileprivate var markdownText: String {
    reduce(into: "") { escaped, character in
      switch character {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\\", "|", "*", "_", "`", "[", "]", "#", "~": escaped += "\\\(character)"
      case _ where character.isNewline: escaped += " "
      default: escaped.append(character)
      }
    }
  }
}
