import Foundation
import TandemInference

/// GPQA's own table: CSV with the columns `Question`, `Correct Answer` and `Incorrect Answer 1` to `3`.
///
/// The options are shuffled, each question with a generator of its own: in the file the right one always comes first.
struct ChoiceFile {
  var exercises: [Exercise] = []

  init(_ url: URL, task: String, optionSeed: UInt64) throws(TaskError) {
    let text = String(decoding: try TaskFile.contents(of: url), as: UTF8.self)
    var rows = try CommaSeparatedValues.rows(of: text, path: url.path)[...]
    guard let header = rows.popFirst() else { throw .invalidFile(path: url.path, reason: "it is empty") }
    let names = ["Question", "Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3"]
    var columns: [Int] = []
    for name in names {
      guard let column = header.cells.firstIndex(of: name) else {
        throw .invalidFile(path: url.path, reason: "it has no column '\(name)'")
      }
      columns.append(column)
    }
    for (index, row) in rows.enumerated() {
      guard row.cells.count == header.cells.count else {
        let reason = "it has \(row.cells.count) columns, and the header has \(header.cells.count)"
        throw .invalidLine(path: url.path, line: row.line, reason: reason)
      }
      let cells = columns.map { Self.trimmed(row.cells[$0]) }
      guard cells.allSatisfy({ !$0.isEmpty }) else {
        throw .invalidLine(path: url.path, line: row.line, reason: "one of its five cells is empty")
      }
      exercises.append(
        Self.exercise(
          id: "\(task)/\(index + 1)", question: cells[0], options: Array(cells[1...]),
          seed: SplitMix64.derive(optionSeed, UInt64(index))))
    }
  }

  /// - Parameter options: The right one first.
  private static func exercise(id: String, question: String, options: [String], seed: UInt64) -> Exercise {
    var generator = SplitMix64(seed: seed)
    let order = options.indices.shuffled(using: &generator)
    let letters = Array("ABCD")
    let listed = zip(letters, order).map { "\($0)) \(options[$1])" }.joined(separator: ", ")
    let right = order.firstIndex(of: 0).map { letters[$0] } ?? "A"
    return Exercise(id: id, question: "\(question)\n\(listed)", gold: .letter(right))
  }

  private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// RFC 4180: cells may be quoted, and hold commas, newlines and doubled quotes then. Rows end in LF, CR LF or CR; other
/// characters that Unicode calls newlines, such as U+2028, are part of their cell.
enum CommaSeparatedValues {
  struct Row {
    /// Where it begins, counted from 1.
    var line: Int
    var cells: [String]
  }

  static func rows(of text: String, path: String) throws(TaskError) -> [Row] {
    var rows: [Row] = []
    var (row, cell) = (Row(line: 1, cells: []), "")
    var (line, isQuoted, wasQuoted) = (1, false, false)
    func endCell() {
      row.cells.append(cell)
      (cell, wasQuoted) = ("", false)
    }
    func endRow() {
      endCell()
      if row.cells != [""] { rows.append(row) }
      row = Row(line: line, cells: [])
    }
    var characters = text.makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      let endsLine = character == "\n" || character == "\r\n" || character == "\r"
      if endsLine { line += 1 }
      switch character {
      case "\"" where isQuoted && next == "\"":
        cell.append("\"")
        next = characters.next()
      case "\"" where isQuoted: isQuoted = false
      case _ where isQuoted: cell.append(character)
      case "\"" where cell.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
      case ",": endCell()
      case _ where endsLine: endRow()
      default: cell.append(character)
      }
    }
    guard !isQuoted else { throw .invalidLine(path: path, line: row.line, reason: "a quote in it is never closed") }
    if !cell.isEmpty || !row.cells.isEmpty { endRow() }
    return rows
  }
}
