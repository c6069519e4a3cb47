import Foundation
import Synchronization
import TandemCommandLine
import TandemModels

/// How far a download is: one line that is drawn anew, or a line now and then where there is no terminal.
final class ProgressBar: Sendable {
  private let console: Console
  private let state = Mutex<(drawn: ContinuousClock.Instant?, phase: String)>((nil, ""))

  init(_ console: Console) { self.console = console }

  func show(_ progress: PullProgress) {
    let interval: Duration = console.isTerminal ? .milliseconds(100) : .seconds(5)
    let isDue = state.withLock { state in
      let phase = "\(progress.file) \(progress.phase)"
      let due = state.drawn.map { $0.duration(to: .now) >= interval } ?? true
      guard due || phase != state.phase else { return false }
      state = (.now, phase)
      return true
    }
    guard isDue else { return }
    Console.write(console.isTerminal ? "\r\u{1B}[K\(line(progress))" : line(progress) + "\n", to: .standardError)
  }

  func end() {
    let hasDrawn = state.withLock { $0.drawn != nil }
    if console.isTerminal && hasDrawn { Console.write("\r\u{1B}[K", to: .standardError) }
  }

  private func line(_ progress: PullProgress) -> String {
    var text = "\(progress.file): \(progress.phase.rawValue) \(Int(progress.done).asBytes)"
    if let total = progress.total { text += " of \(Int(total).asBytes)" }
    if progress.phase == .downloading, progress.bytesPerSecond > 0 {
      text += ", \(Int(progress.bytesPerSecond).asBytes)/s"
      if let total = progress.total {
        let seconds = Double(total - progress.done) / progress.bytesPerSecond
        text += ", \(Duration.seconds(seconds).formatted(.units(width: .narrow))) left"
      }
    }
    guard console.isTerminal, let fraction = progress.fraction else { return text }
    let filled = Int(fraction * 20)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    return String("\(bar) \(text)".prefix(console.width - 1))
  }
}
