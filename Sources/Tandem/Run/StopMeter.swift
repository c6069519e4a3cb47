import TandemInference

/// Records the odds of the end of thinking while a thought is being written.
struct StopMeter {
  private(set) var readings = StopReadings()
  private var position = 0
  private var newlines: Int

  /// - Parameter isAtBlankLine: Whether the text before the thought ends with a blank line.
  init(isAtBlankLine: Bool) { newlines = isAtBlankLine ? 2 : 0 }

  /// Takes in a token, before its text.
  mutating func read(_ sampled: SampledToken) {
    if let odds = sampled.watched {
      if newlines >= 2, let rank = odds.rank {
        let probability = min(1, Softmax.exp(SIMD8(repeating: max(odds.logProbability, -87)))[0])
        readings.afterBlankLines.append(.init(position: position, rank: rank, probability: probability))
      }
      if let logit = odds.logit, logit < 0 { readings.negative += 1 }
    }
    position += 1
  }

  /// Takes in the bytes of that token.
  mutating func note(_ bytes: [UInt8]) {
    for byte in bytes { newlines = byte == UInt8(ascii: "\n") ? newlines + 1 : 0 }
  }
}
