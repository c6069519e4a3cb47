import Foundation
import Synchronization

/// What a stream can show, and how text gets there.
package struct Console: Sendable {
  /// Whether colours may be used: a terminal, and no NO_COLOR (no-color.org).
  package let hasColor: Bool
  package let isTerminal: Bool
  /// Columns; 80 if unknown.
  package let width: Int

  package init(hasColor: Bool, isTerminal: Bool, width: Int = 80) {
    (self.hasColor, self.isTerminal, self.width) = (hasColor, isTerminal, width)
  }

  package static func current(_ stream: Stream = .standardOutput) -> Console {
    let isTerminal = isatty(stream.rawValue) == 1
    let environment = ProcessInfo.processInfo.environment
    let allowed = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    var size = winsize()
    let known = isTerminal && ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Console(hasColor: isTerminal && allowed, isTerminal: isTerminal, width: known ? Int(size.ws_col) : 80)
  }

  package enum Stream: Int32, Sendable {
    case standardOutput = 1
    case standardError = 2
  }

  /// The characters for a stream with these abilities.
  ///
  /// Text for a terminal can hold no control but those of its styles: models, files and servers wrote parts of it. A pipe
  /// gets the text as it is.
  package func rendered(_ text: StyledText) -> String {
    guard isTerminal else { return text.plain }
    return text.parts.map { part in
      let shown = part.text.withVisibleControls
      guard hasColor, part.style != .plain, !shown.isEmpty else { return shown }
      return "\u{1B}[\(part.style.rawValue)m\(shown)\u{1B}[0m"
    }.joined()
  }

  /// Writes at once: a transcript is read as it appears.
  ///
  /// - Parameter erasesLine: Whether a terminal erases the cursor's line first.
  package static func write(_ text: StyledText, to stream: Stream = .standardOutput, erasesLine: Bool = false) {
    let console = stream == .standardOutput ? standardOutput : standardError
    let output = (erasesLine && console.isTerminal ? "\r\u{1B}[K" : "") + console.rendered(text)
    guard let number = writeAll(Array(output.utf8), stream.rawValue), stream == .standardOutput else { return }
    failure.withLock { $0 = $0 ?? number }
  }

  package static func write(_ text: String, to stream: Stream = .standardOutput) {
    write(StyledText(text), to: stream)
  }

  /// Writes characters that move a terminal's cursor or change its mode, which `write` would make visible.
  package static func writeControl(_ text: String) { _ = writeAll(Array(text.utf8), Stream.standardOutput.rawValue) }

  /// Why something that was written to standard output is lost; nil if nothing is.
  package static var lostOutput: String? { failure.withLock { $0 }.map { String(cString: strerror($0)) } }

  private static let standardOutput = current(.standardOutput)
  private static let standardError = current(.standardError)
  /// The first `errno` of standard output.
  private static let failure = Mutex<Int32?>(nil)

  /// Returns the `errno` if not all could be written.
  private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // The stream is shared with a program that does not block on it.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}
