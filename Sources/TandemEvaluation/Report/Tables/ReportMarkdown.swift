extension Report {
  /// The report as GitHub-flavoured Markdown.
  package var markdown: String {
    var parts = notices.map { "> \(Self.escaped($0))" }
    if !parts.isEmpty { parts = [parts.joined(separator: "\n>\n")] }
    for task in tasks {
      parts.append("## \(Self.escaped(task.name))")
      for table in task.tables { parts.append("**\(Self.escaped(table.title))**\n\n\(Self.markdown(table))") }
      parts += task.notes.map(Self.escaped)
    }
    return (parts + [Self.escaped(methods)]).joined(separator: "\n\n") + "\n"
  }

  private static func markdown(_ table: ReportTable) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.map(escaped).joined(separator: " | ") + " |" }
    let rule = table.header.indices.map { $0 < table.leading ? "---" : "---:" }
    return ([line(table.header), "| " + rule.joined(separator: " | ") + " |"] + table.rows.map(line))
      .joined(separator: "\n")
  }

  /// Text that comes from data is shown as it is, whatever Markdown would make of it.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
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
