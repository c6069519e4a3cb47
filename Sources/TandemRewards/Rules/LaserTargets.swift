/// The target lengths of LASER-D, as shares of the limit.
///
/// The defaults, which training begins with, are ours.
package struct LaserTargets: Sendable, Hashable, Codable {
  package var easy = 0.25
  package var middle = 0.5
  package var hard = 1.0

  package init() {}

  /// How difficult a prompt is, by the share of right answers in its group.
  package enum Band: Sendable, Hashable, CaseIterable {
    case easy, middle, hard

    package init(accuracy: Double) { self = accuracy >= 2.0 / 3 ? .easy : accuracy >= 1.0 / 3 ? .middle : .hard }

    /// Right answers that a group of eight of this band has at least; the authors ask that as many completions fit.
    fileprivate var coverage: Int {
      switch self {
      case .easy: 5
      case .middle: 2
      case .hard: 1
      }
    }
  }

  package subscript(band: Band) -> Double {
    get {
      switch band {
      case .easy: easy
      case .middle: middle
      case .hard: hard
      }
    }
    set {
      switch band {
      case .easy: easy = newValue
      case .middle: middle = newValue
      case .hard: hard = newValue
      }
    }
  }

  /// The targets that groups of a monitoring set ask for: in each band the first length that enough of its completions,
  /// right or wrong, fit into: ⌊share · n⌋ ≥ 1 with n = 5, 2 and 1; else the longest completion. The lengths are
  /// sixteenths of the limit, as the released code has every 1,024 tokens.
  ///
  /// - Parameter limit: L_max, in tokens.
  package func adapted(to groups: [[RewardOutcome]], limit: Int) -> Self {
    let lengths = (1...16).map { limit * $0 / 16 }
    var copy = self
    for band in Band.allCases {
      let found = groups.filter { Band(accuracy: $0.accuracy) == band }.joined().map(\.length)
      guard let longest = found.max() else { continue }
      let target = lengths.first { length in found.count { $0 <= length } * band.coverage >= found.count }
      copy[band] = Double(target ?? longest) / Double(limit)
    }
    return copy
  }
}

extension LaserTargets {
  static let origin = "the targets' defaults are ours, and move in Tandem's own training only"

  static let python = """
    accuracy = accuracy_of(group)
    band = "easy" if accuracy >= 2 / 3 else "middle" if accuracy >= 1 / 3 else "hard"
    target = TARGETS[band] * context.limit
    """
}
