import Foundation
import Synchronization
import Tandem
import TandemCommandLine
import TandemEvaluation

/// How far a run is: one line that is drawn anew, a line now and then where there is no terminal, or JSON Lines.
final class EvaluateProgress: Sendable {
  private let format: Evaluate.Format
  private let console = Console.current(STDERR_FILENO)
  private let state = Mutex(State())

  private struct State {
    var drawn: ContinuousClock.Instant?
    var row = ""
  }

  init(_ format: Evaluate.Format) { self.format = format }

  func show(_ event: EvaluationEvent) {
    if format == .jsonl { return print(event) }
    switch event {
    case .began(let progress):
      let done = progress.done - progress.failed
      if done > 0 { write("\(done) of \(progress.total) are done already.") }
      if progress.failed > 0 { write("\(progress.failed) failed, and are tried again.") }
    case .recorded(let record, let progress):
      draw(progress, "\(record.task), \(record.row)", isLast: progress.done == progress.total)
    case .calibrating(let task, let row): write("\(task): a pilot for \(row)")
    case .calibrated(let calibration):
      let share = (calibration.targetShare * 100).digits(1)
      write("\(calibration.task), \(calibration.row): probability \(calibration.probability.digits(3)) for \(share) %")
    }
  }

  func end() {
    if console.isTerminal, state.withLock({ $0.drawn != nil }) { Console.write("\r\u{1B}[K", to: .standardError) }
  }

  /// A line of its own.
  private func write(_ line: String) {
    guard format == .text else { return }
    Console.write((console.isTerminal ? "\r\u{1B}[K" : "") + line + "\n", to: .standardError)
  }

  private func draw(_ progress: EvaluationProgress, _ row: String, isLast: Bool) {
    let interval: Duration = console.isTerminal ? .milliseconds(100) : .seconds(10)
    let isDue = state.withLock { state in
      let isDue = state.drawn.map { $0.duration(to: .now) >= interval } ?? true
      guard isDue || state.row != row || isLast else { return false }
      state = State(drawn: .now, row: row)
      return true
    }
    guard isDue else { return }
    let line = Self.line(progress, row)
    guard console.isTerminal else { return Console.write(line + "\n", to: .standardError) }
    Console.write("\r\u{1B}[K" + line.prefix(console.width - 1), to: .standardError)
  }

  /// "120/900  gsm8k, small-only  41.2 % right  320 tokens/s  3 min left"
  static func line(_ progress: EvaluationProgress, _ row: String) -> String {
    var parts = ["\(progress.done)/\(progress.total)", row]
    if let accuracy = progress.accuracy { parts.append("\((accuracy * 100).digits(1)) % right") }
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if let rate = progress.tokensPerSecond { parts.append("\(rate.digits(0)) tokens/s") }
    if let left = progress.secondsLeft, progress.done < progress.total { parts.append("\(left.asTime) left") }
    return parts.joined(separator: "  ")
  }

  /// One JSON object an event.
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
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else { return }
    // Whole lines, whoever reports at the same time.
    state.withLock { _ in Console.write(String(decoding: data, as: UTF8.self) + "\n") }
  }
}

extension Double {
  /// Seconds for people.
  var asTime: String {
    guard isFinite, self < 1e9 else { return "unknown time" }
    if self < 1 { return "under a second" }
    return Duration.seconds(Int(rounded())).formatted(
      .units(allowed: [.days, .hours, .minutes, .seconds], width: .narrow, maximumUnitCount: 2))
  }
}
