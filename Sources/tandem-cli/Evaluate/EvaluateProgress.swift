import Synchronization
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemSupport

/// How far a run is, as a `ProgressLine` or as JSON Lines.
final class EvaluateProgress: Sendable {
  private let format: Evaluate.Format
  private let line = ProgressLine()
  private let output = Mutex(())

  init(_ format: Evaluate.Format) { self.format = format }

  func show(_ event: EvaluationEvent) {
    if format == .jsonl { return print(event) }
    switch event {
    case .began(let progress):
      let done = progress.done - progress.failed
      if done > 0 { line.write("\(done) of \(progress.total) are already done.") }
      if progress.failed > 0 { line.write("\(progress.failed) failed and are repeated.") }
    case .recorded(let record, let progress):
      let row = "\(record.task), \(record.row)"
      line.show(Self.text(progress, row), phase: row, isLast: progress.done == progress.total)
    case .calibrating(let task, let row): line.write("\(task): a pilot for \(row)")
    case .calibrated(let calibration):
      let (probability, share) = (calibration.probability.digits(3), calibration.targetShare.percent())
      line.write("\(calibration.task), \(calibration.row): probability \(probability) for \(share)")
    }
  }

  func end() { line.end() }

  /// "120/900  gsm8k, small-only  41.2 % right  320 tokens/s  3 min left"
  static func text(_ progress: EvaluationProgress, _ row: String) -> String {
    var parts = ["\(progress.done)/\(progress.total)", row]
    if let accuracy = progress.accuracy { parts.append("\(accuracy.percent()) right") }
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if let rate = progress.tokensPerSecond { parts.append("\(rate.digits(0)) tokens/s") }
    if let left = progress.secondsLeft, progress.done < progress.total { parts.append("\(left.asTime) left") }
    return parts.joined(separator: "  ")
  }

  /// One JSON object per event.
  private struct Line: Encodable {
    var event: String
    var progress: EvaluationProgress?
    var record: Record?
    var calibration: Calibration?
    var task: String?
    var row: String?
  }

  private func print(_ event: EvaluationEvent) {
    let line =
      switch event {
      case .began(let progress): Line(event: "began", progress: progress)
      case .recorded(let record, let progress): Line(event: "recorded", progress: progress, record: record)
      case .calibrating(let task, let row): Line(event: "calibrating", task: task, row: row)
      case .calibrated(let calibration): Line(event: "calibrated", calibration: calibration)
      }
    guard let json = try? line.json() else { return }
    // Whole lines, even if several jobs report at the same time.
    output.withLock { _ in Console.write(json + "\n") }
  }
}
