import Synchronization
import TandemInference

/// What an engine does for a call, as it is timed from outside.
package enum CallKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Reading its prompt.
  case prefill
  /// Reading the chain: what the other model wrote, what was inserted, and what it did not keep.
  case catchUp = "catch-up"
  /// Writing, without the drawing of tokens.
  case decode
  /// Drawing tokens from logits.
  case sampling
  /// Reading that ends in a judgement, and the judgement.
  case scores
}

/// When the calls of a run were under way.
final class CallTimes: Sendable {
  /// A stretch of a call; `chainShare` of what it reads belongs to the chain, if it reads.
  struct Stretch: Sendable {
    enum Work: Int { case reading, decoding, scoring }
    var role: Role
    var work: Work
    var chainShare: Double
    var start: Double
    var end: Double
  }

  private let zero = ContinuousClock.now
  private let all = Mutex<[Stretch]>([])

  private func now() -> Double { zero.duration(to: .now) / .seconds(1) }

  /// Begins a stretch.
  func begin(_ role: Role, _ work: Stretch.Work, chainShare: Double = 0) -> Stretch {
    let now = now()
    return Stretch(role: role, work: work, chainShare: chainShare, start: now, end: now)
  }

  /// Ends a stretch; returns its number.
  @discardableResult
  func end(_ stretch: Stretch) -> Int {
    var ended = stretch
    ended.end = now()
    return all.withLock { [ended] in
      $0.append(ended)
      return $0.count - 1
    }
  }

  /// Notes that these stretches read for a judgement.
  func wereScoring(_ numbers: [Int]) {
    all.withLock { all in for number in numbers { all[number].work = .scoring } }
  }

  /// The seconds in which each model did each kind of work, and those in which neither did any.
  ///
  /// A moment counts once for a model however many of its calls are under way: as judging before writing, and as writing
  /// before reading. Two models at work at once both count it.
  func sums(of seconds: Double) -> (byRole: [Role: [CallKind: Double]], idle: Double) {
    let stretches = all.withLock { $0 }.filter { $0.end > $0.start }
    var sums: [Role: [CallKind: Double]] = [:]
    for role in Role.allCases {
      Self.sweep(stretches.filter { $0.role == role }) { active, span in
        guard let leading = active.max(by: { $0.work.rawValue < $1.work.rawValue }) else { return }
        var own = sums[role, default: [:]]
        switch leading.work {
        case .scoring: own[.scores, default: 0] += span
        case .decoding: own[.decode, default: 0] += span
        case .reading:
          own[.catchUp, default: 0] += span * leading.chainShare
          own[.prefill, default: 0] += span * (1 - leading.chainShare)
        }
        sums[role] = own
      }
    }
    var busy = 0.0
    Self.sweep(stretches) { if !$0.isEmpty { busy += $1 } }
    return (sums, max(0, seconds - busy))
  }

  /// Calls `body` with the stretches that are under way between each two moments at which one begins or ends.
  private static func sweep(_ stretches: [Stretch], _ body: ([Stretch], Double) -> Void) {
    let moments = stretches.enumerated().flatMap { [($1.start, $0, true), ($1.end, $0, false)] }
      .sorted { ($0.0, $0.2 ? 1 : 0) < ($1.0, $1.2 ? 1 : 0) }
    var (active, last) = (Set<Int>(), moments.first?.0 ?? 0)
    for (time, number, begins) in moments {
      if time > last { body(active.map { stretches[$0] }, time - last) }
      if begins { active.insert(number) } else { active.remove(number) }
      last = time
    }
  }
}
