import TandemCommandLine
import TandemModels

/// How far a download is, as a `ProgressLine` with a bar.
struct ProgressBar {
  private let line = ProgressLine()

  func show(_ progress: PullProgress) { line.show(text(progress), phase: "\(progress.file) \(progress.phase)") }

  func end() { line.end() }

  private func text(_ progress: PullProgress) -> String {
    var text = "\(progress.file): \(progress.phase.rawValue) \(Int(progress.done).asBytes)"
    if let total = progress.total { text += " of \(Int(total).asBytes)" }
    if progress.phase == .downloading, progress.bytesPerSecond > 0 {
      text += ", \(Int(progress.bytesPerSecond).asBytes)/s"
      if let total = progress.total {
        text += ", \((Double(total - progress.done) / progress.bytesPerSecond).asTime) left"
      }
    }
    guard line.console.isTerminal, let fraction = progress.fraction else { return text }
    let filled = Int(fraction * 20)
    return String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled) + " " + text
  }
}
