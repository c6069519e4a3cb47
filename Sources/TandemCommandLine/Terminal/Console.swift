package import Foundation

/// What the terminal can show.
package struct Console: Sendable {
  /// Whether colours may be used: a terminal, and no NO_COLOR (no-color.org).
  package let hasColor: Bool
  package let isTerminal: Bool
  /// Columns; 80 if unknown.
  package let width: Int

  package static func current(_ descriptor: Int32 = STDOUT_FILENO) -> Console {
    let isTerminal = isatty(descriptor) == 1
    let environment = ProcessInfo.processInfo.environment
    let allowed = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    var size = winsize()
    let known = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Console(hasColor: isTerminal && allowed, isTerminal: isTerminal, width: known ? Int(size.ws_col) : 80)
  }

  package enum Style: String {
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

  package func styled(_ text: String, _ style: Style) -> String {
    hasColor && style != .plain && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Writes at once: a transcript is read as it appears.
  package static func write(_ text: String, to handle: FileHandle = .standardOutput) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
