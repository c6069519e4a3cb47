import Foundation
import Synchronization
import TandemTraining

/// How far training is: one line that is drawn anew, or a line now and then where there is no terminal.
final class TrainingDisplay: Sendable {
  private let console: Console
  private let drawn = Mutex<(since: ContinuousClock.Instant?, loss: Float)>((nil, 0))

  init(_ console: Console) { self.console = console }

  func show(_ progress: TrainingProgress) {
    // Single steps jump; what people look at is the trend.
    let loss = drawn.withLock { state in
      state.loss = progress.step == 1 ? progress.loss : state.loss + (progress.loss - state.loss) / 50
      return state.loss
    }
    let left = Duration.seconds(progress.secondsLeft.rounded()).formatted(.units(width: .narrow))
    show(
      "step \(progress.step)/\(progress.steps)  loss \(Double(loss).digits(4))  gradient "
        + "\(Double(progress.gradientNorm).digits(2))  rate \(Double(progress.learningRate).digits(5))  "
        + "\(Int(progress.tokensPerSecond)) tokens/s  \(Int(progress.tokensPerCPUSecond)) per CPU second  "
        + "\(progress.peakMemory >> 20) MB  \(left) left", isLast: progress.step == progress.steps)
  }

  func show(_ line: String, isLast: Bool = false) {
    let interval: Duration = console.isTerminal ? .milliseconds(200) : .seconds(20)
    let isDue = drawn.withLock { state in
      guard isLast || state.since.map({ $0.duration(to: .now) >= interval }) ?? true else { return false }
      state.since = .now
      return true
    }
    guard isDue else { return }
    Console.write(
      console.isTerminal ? "\r\u{1B}[K\(line.prefix(console.width - 1))" : line + "\n", to: .standardError)
  }

  func end() {
    if console.isTerminal { Console.write("\r\u{1B}[K", to: .standardError) }
  }
}
