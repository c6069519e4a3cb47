import Foundation

/// What the terminal can show.
struct Console: Sendable {
  /// Whether colours may be used: a terminal, and no NO_COLOR (no-color.org).
  let hasColor: Bool
  let isTerminal: Bool
  /// Columns, 80 where nobody knows.
  let width: Int

  static func current(_ descriptor: Int32 = STDOUT_FILENO) -> Console {
    let isTerminal = isatty(descriptor) == 1
    let environment = ProcessInfo.processInfo.environment
    let allowed = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    var size = winsize()
    let known = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Console(hasColor: isTerminal && allowed, isTerminal: isTerminal, width: known ? Int(size.ws_col) : 80)
  }

  enum Style: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case small = "36"
    case dimSmall = "2;36"
    case large = "33"
    case dimLarge = "2;33"
    case inserted = "2;35"
    case error = "31"
  }

  func styled(_ text: String, _ style: Style) -> String {
    hasColor && style != .plain && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Writes at once: a transcript is read as it appears.
  static func write(_ text: String, to handle: FileHandle = .standardOutput) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}

/// Columns of text, as wide as they need to be.
struct Table {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  init(_ header: [String], rightAligned: Set<Int> = []) {
    rows = [header]
    self.rightAligned = rightAligned
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  func lines(_ console: Console) -> String {
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

extension Double {
  /// With this many digits after the point.
  func digits(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}

extension Int {
  /// Bytes for people.
  var asBytes: String {
    let units = ["B", "KB", "MB", "GB", "TB"]
    var (value, unit) = (Double(self), 0)
    while value >= 1000 && unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return unit == 0 ? "\(self) B" : "\(value.digits(value < 10 ? 1 : 0)) \(units[unit])"
  }
}

/// Prints a value as JSON with sorted keys.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  Console.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
}
