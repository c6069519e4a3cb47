/// A table of a report, ready to be shown in any format.
package struct ReportTable: Sendable, Hashable {
  package var title: String
  package var header: [String]
  /// As many cells as the header has.
  package var rows: [[String]]
  /// The first columns that hold words, not numbers.
  package var leading: Int

  init(_ title: String, _ header: [String], leading: Int = 1, rows: [[String]]) {
    self.title = title
    self.header = header
    self.leading = leading
    self.rows = rows
  }

  /// Without the columns in which no row has anything.
  func withoutEmptyColumns() -> Self {
    let kept = header.indices.filter { column in column < leading || rows.contains { !$0[column].isEmpty } }
    return Self(title, kept.map { header[$0] }, leading: leading, rows: rows.map { row in kept.map { row[$0] } })
  }
}
