import Synchronization
import TandemCommandLine
import TandemTraining

/// How far training is, with the loss as a moving mean.
final class TrainingDisplay: Sendable {
  private let line = ProgressLine()
  private let loss = Mutex<Float>(0)

  func show(_ progress: TrainingProgress) {
    // Single steps jump; what people look at is the trend.
    let loss = loss.withLock { loss in
      loss = progress.step == 1 ? progress.loss : loss + (progress.loss - loss) / 50
      return loss
    }
    let preference = progress.preference.map { "preferred \($0.accuracy.percent(0))  margin \($0.margin.digits(3))  " }
    line.show(
      "step \(progress.step)/\(progress.steps)  loss \(Double(loss).digits(4))  \(preference ?? "")gradient "
        + "\(Double(progress.gradientNorm).digits(2))  rate \(Double(progress.learningRate).digits(5))  "
        + "\(Int(progress.tokensPerSecond)) tokens/s  \(Int(progress.tokensPerCPUSecond)) per CPU second  "
        + "\(progress.peakMemory >> 20) MB  \(progress.secondsLeft.asTime) left",
      isLast: progress.step == progress.steps)
  }

  func end() { line.end() }
}
