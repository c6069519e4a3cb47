/// Hears when a policy falls apart: thinking that vanishes, a distribution that freezes or dissolves, groups that all earn
/// the same.
package struct CollapseAlarm: Sendable, Hashable, Codable {
  package struct Options: Sendable, Hashable, Codable {
    /// The shortest mean length, as a share of that of the first step.
    package var length = 0.2
    /// The range of the mean entropy, as shares of that of the first step.
    package var lowestEntropy = 0.1
    package var highestEntropy = 3.0
    /// The largest share of groups whose completions all earn the same.
    package var equalGroups = 0.95
    /// Steps in a row that it takes.
    package var patience = 3

    package init() {}
  }

  package let options: Options
  private var firstLength: Double?
  private var firstEntropy: Double?
  /// Steps in a row with a complaint.
  package private(set) var strikes = 0

  package init(_ options: Options = .init()) { self.options = options }

  /// What is wrong with a step, once it was wrong often enough in a row.
  package mutating func hear(length: Double, entropy: Double, equalGroups: Double) -> String? {
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
      return "in \(Int((equalGroups * 100).rounded())) % of the groups all completions earn the same"
    }
    return nil
  }
}
