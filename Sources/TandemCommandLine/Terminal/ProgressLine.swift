import Foundation
import Synchronization

/// How far work is: one line that is drawn again and again, or a line now and then if there is no terminal.
package final class ProgressLine: Sendable {
  private let console: Console
  private let drawn = Mutex<ContinuousClock.Instant?>(nil)

  package init(_ console: Console = .current(STDERR_FILENO)) { self.console = console }

  /// - Parameter isLast: Whether to draw even if the line before is recent.
  package func show(_ line: String, isLast: Bool = false) {
    let interval: Duration = console.isTerminal ? .milliseconds(200) : .seconds(20)
    let isDue = drawn.withLock { drawn in
      guard isLast || drawn.map({ $0.duration(to: .now) >= interval }) ?? true else { return false }
      drawn = .now
      return true
    }
    guard isDue else { return }
    Console.write(
      console.isTerminal ? "\r\u{1B}[K\(line.prefix(console.width - 1))" : line + "\n", to: .standardError)
  }

  /// Removes the line from a terminal.
  package func end() {
    if console.isTerminal { Console.write("\r\u{1B}[K", to: .standardError) }
  }
}
