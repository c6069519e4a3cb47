package import TandemInference

/// Stepwise sampling of long and short thinking about one problem (ReCUT, arXiv:2506.10822).
///
/// After the steps that were chosen so far, the model continues to an answer twice: once as it is asked to think long, once as it is
/// asked to think short. The first step of the better one is chosen, and both continue from there. Better is what has the
/// larger reward, (α 1[right] - β 1[wrong]) / length in characters; of equals the short one. All that came to an
/// answer are trails, with the steps before them: diverse thinking, right and wrong, about the same problem.
///
/// The rule, its constants and the number of steps are the released code's (NEUIR/ReCUT). There the steps so far stand in the
/// prompt; here the model continues them as its own thinking. A step ends with a blank line.
package struct StepwiseTrails: Sendable, Hashable {
  /// α
  package var rightWeight: Double
  /// β. What is wrong and long loses less than what is wrong and short: so it is in the released code.
  package var wrongWeight: Double
  /// The most steps that are chosen.
  package var steps: Int
  private let limits: TailLimits

  /// Throws `invalidSetting` for a value that makes no sense.
  package init(
    rightWeight: Double = 1, wrongWeight: Double = 1, steps: Int = 8, thinkingTokens: Int = 4096,
    answerTokens: Int = 1024
  ) throws(ReasoningError) {
    for (name, value) in [("rightWeight", rightWeight), ("wrongWeight", wrongWeight)] {
      guard 0...1000 ~= value else { throw .invalidSetting(name: name, reason: "must be from 0 to 1000, not \(value)") }
    }
    guard 1...1000 ~= steps else {
      throw .invalidSetting(name: "steps", reason: "must be from 1 to 1000, not \(steps)")
    }
    (self.rightWeight, self.wrongWeight, self.steps) = (rightWeight, wrongWeight, steps)
    limits = TailLimits(thinkingTokens: thinkingTokens, answerTokens: answerTokens)
    try limits.validate()
  }

  /// Thinking to an answer.
  package struct Trail: Sendable, Hashable {
    package let thinking: String
    package let answer: String
    package let isRight: Bool
    /// Of the thinking.
    package let tokenCount: Int
    /// Whether it was asked to think long in what follows its common steps.
    package let isLong: Bool
    /// Its steps that were chosen before it.
    package let commonSteps: Int
  }

  /// - Parameters:
  ///   - long: The problem as it is asked for long thinking.
  ///   - short: The same for short thinking.
  ///   - participant: The model that writes; it marks its thinking.
  ///   - isRight: Whether an answer is right.
  ///
  /// Throws `unsuitable` for a model that does not mark its thinking, and what the engine throws.
  package func sample(
    long: [Message], short: [Message], by participant: Participant, seed: UInt64, isRight: (String) -> Bool
  ) async throws -> [Trail] {
    var writers: [TailWriter] = []
    do {
      for messages in [long, short] { writers.append(try await TailWriter.open(participant, for: messages, limits)) }
      let trails = try await sample(writers, seed, isRight)
      for writer in writers { await writer.close() }
      return trails
    } catch {
      for writer in writers { await writer.close() }
      throw error
    }
  }

  /// - Parameter writers: The one for long thinking, then the one for short.
  private func sample(
    _ writers: [TailWriter], _ seed: UInt64, _ judge: (String) -> Bool
  ) async throws -> [Trail] {
    var (chosen, trails) = ([String](), [Trail]())
    for step in 0..<steps {
      var best: (reward: Double, tail: Tail)?
      for (mode, writer) in writers.enumerated() {
        let seed = SplitMix64.derive(SplitMix64.derive(seed, UInt64(step)), UInt64(mode))
        guard let tail = try await writer.tail(after: chosen, seed: seed) else { return trails }
        let isRight = tail.isComplete && judge(tail.answer)
        if tail.isComplete {
          trails.append(
            Trail(
              thinking: (chosen + tail.steps).joined(), answer: tail.answer, isRight: isRight,
              tokenCount: tail.thinkingTokens, isLong: mode == 0, commonSteps: chosen.count))
        }
        let reward = reward(length: tail.length, isRight: isRight)
        if reward >= best?.reward ?? -.infinity { best = (reward, tail) }
      }
      // The last step is no place to continue from.
      guard let tail = best?.tail, tail.steps.count > 1 else { break }
      chosen.append(tail.steps[0])
    }
    return trails
  }

  /// What a continuation of so many characters is worth; -∞ for an empty one.
  package func reward(length: Int, isRight: Bool) -> Double {
    length == 0 ? -.infinity : (isRight ? rightWeight : -wrongWeight) / Double(length)
  }
}
