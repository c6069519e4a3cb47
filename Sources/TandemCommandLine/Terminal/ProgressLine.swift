import Foundation
import Synchronization

/// How far work is: one line that is drawn again and again, or a line now and then if there is no terminal.
package final class ProgressLine: Sendable {
  package let console = Console.current(.standardError)
  private let drawn = Mutex<(time: ContinuousClock.Instant, phase: String)?>(nil)

  package init() {}

  /// Draws the line if the one before is old enough, or belongs to another phase.
  ///
  /// - Parameter isLast: Whether to draw even if the line before is recent.
  package func show(_ line: @autoclosure () -> String, phase: String = "", isLast: Bool = false) {
    let interval: Duration = console.isTerminal ? .milliseconds(100) : .seconds(10)
    let isDue = drawn.withLock { drawn in
      if let drawn, !isLast, drawn.phase == phase, drawn.time.duration(to: .now) < interval { return false }
      drawn = (.now, phase)
      return true
    }
    guard isDue else { return }
    guard console.isTerminal else { return write(line()) }
    // A line of two rows could not be erased.
    let shown = line().withVisibleControls.replacing("\n", with: "␊").prefix(console.width - 1)
    Console.write(StyledText(String(shown)), to: .standardError, erasesLine: true)
  }

  /// Writes a line that stays, in place of the one that is drawn.
  package func write(_ line: String) {
    Console.write(StyledText(line + "\n"), to: .standardError, erasesLine: true)
  }

  /// Removes the line from a terminal.
  package func end() {
    if drawn.withLock({ $0 != nil }) { Console.write(StyledText(), to: .standardError, erasesLine: true) }
  }
}
