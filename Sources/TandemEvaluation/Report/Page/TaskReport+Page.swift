import TandemCharts

extension TaskReport {
  /// The section of a page: tables that are read first, plots, then all others.
  var markup: Markup {
    let tables = tables.map(section)
    var parts: [Markup] = [.element("h2", [:], name)]
    parts += tables.prefix(2)
    parts += noteList
    parts += ChartPage.figures(plots)
    parts += tables.dropFirst(2)
    return .element("section", [:], parts)
  }

  private func section(_ table: ReportTable) -> Markup {
    .element(
      "section", [:],
      [.element("h3", [:], table.title), .element("div", ["class": "scroll", "tabindex": "0"], [self.table(table)])])
  }

  private func table(_ table: ReportTable) -> Markup {
    func cells(_ name: String, _ texts: [String]) -> [Markup] {
      texts.enumerated().map { .element(name, $0 < table.leading ? ["class": "word"] : [:], $1) }
    }
    let rows = table.rows.map { row in
      Markup.element("tr", row.first == baseline ? ["class": "baseline"] : [:], cells("td", row))
    }
    return .element(
      "table", [:],
      [
        .element("thead", [:], [.element("tr", [:], cells("th", table.header))]),
        .element("tbody", [:], rows),
      ])
  }

  private var noteList: [Markup] {
    notes.isEmpty ? [] : [.element("p", ["class": "notes"], notes.joined(separator: " "))]
  }
}
