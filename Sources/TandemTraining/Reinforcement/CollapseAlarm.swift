/// Hears when a policy falls apart: thinking that vanishes, a distribution that freezes or dissolves, groups that all earn
/// the same, answers that stay wrong.
package struct CollapseAlarm: Sendable, Hashable, Codable {
  package struct Options: Sendable, Hashable, Codable {
    /// The shortest mean length, as a share of that of the first step.
    package var length = 0.2
    /// The range of the mean entropy, as shares of that of the first step.
    package var lowestEntropy = 0.1
    package var highestEntropy = 3.0
    /// The largest share of groups whose completions all earn the same.
    package var equalGroups = 0.95
    /// The lowest accuracy over the last `accuracyWindow` steps, as a share of that over the first `accuracyStart` ones.
    ///
    /// All three are ours, from runs with 64 completions a step (docs/log.md), whose accuracy jumps by 0.075 from step to
    /// step: means of 10 and 40 steps are known to 0.024 and 0.012, their ratio at 0.3 to 0.1. Run C, which fell to 0.56
    /// and stayed there, is heard at step 55; dips to 0.61, which others came back from, are not.
    package var accuracy = 0.6
    package var accuracyStart = 10
    package var accuracyWindow = 40
    /// Steps in a row that it takes.
    package var patience = 3

    package init() {}
  }

  package let options: Options
  private var firstLength: Double?
  private var firstEntropy: Double?
  /// Of the first steps, and of the last ones.
  private var firstAccuracies: [Double] = []
  private var lastAccuracies: [Double] = []
  /// Steps in a row with a complaint.
  package private(set) var strikes = 0

  package init(_ options: Options = .init()) { self.options = options }

  /// Whether nothing points to a complaint: accuracy has not been low for some steps either. What a run goes back to
  /// should be older than a fall that it takes a long window to be sure of.
  package var isCalm: Bool { strikes == 0 && !isLow(lastAccuracies.suffix(options.accuracyStart)) }

  /// What is wrong with a step, once it was wrong often enough in a row.
  package mutating func hear(length: Double, accuracy: Double, entropy: Double, equalGroups: Double) -> String? {
    if firstAccuracies.count < options.accuracyStart { firstAccuracies.append(accuracy) }
    lastAccuracies = (lastAccuracies + [accuracy]).suffix(options.accuracyWindow)
    let complaint = complaint(length, entropy, equalGroups)
    firstLength = firstLength ?? length
    firstEntropy = firstEntropy ?? entropy
    strikes = complaint == nil ? 0 : strikes + 1
    return strikes >= options.patience ? complaint : nil
  }

  private func complaint(_ length: Double, _ entropy: Double, _ equalGroups: Double) -> String? {
    guard entropy.isFinite, length.isFinite else { return "the entropy or the length is not a number" }
    if let firstLength, length < options.length * firstLength {
      return "the mean length fell from \(Int(firstLength.rounded())) to \(Int(length.rounded())) tokens"
    }
    if let firstEntropy,
      entropy < options.lowestEntropy * firstEntropy || entropy > options.highestEntropy * firstEntropy
    {
      return "the mean entropy went from \(Float(firstEntropy)) to \(Float(entropy)) nats"
    }
    if equalGroups > options.equalGroups {
      return "in \(Self.percent(equalGroups)) of the groups all completions earn the same"
    }
    if lastAccuracies.count == options.accuracyWindow, isLow(lastAccuracies[...]) {
      return
        "right answers fell from \(Self.percent(firstAccuracies.mean)) in the first \(options.accuracyStart) steps to "
        + "\(Self.percent(lastAccuracies.mean)) in the last \(options.accuracyWindow)"
    }
    return nil
  }

  private func isLow(_ accuracies: ArraySlice<Double>) -> Bool {
    accuracies.mean < options.accuracy * firstAccuracies.mean
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}

extension Collection<Double> {
  /// 0 if there are none.
  fileprivate var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
