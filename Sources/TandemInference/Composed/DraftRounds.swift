import Synchronization

/// What a session has learned about its drafts. Shared by its generations, of which one runs at a time.
final class DraftPace: Sendable {
  private let gauge: Mutex<DraftGauge>
  let now: @Sendable () -> Duration

  private init(_ gauge: DraftGauge, _ now: @escaping @Sendable () -> Duration) {
    self.gauge = Mutex(gauge)
    self.now = now
  }

  convenience init(of model: SpeculativeDecoding) {
    self.init(DraftGauge(most: model.draft.most, pacing: model.pacing), model.now)
  }

  /// For a fork, which goes its own way from here.
  func copy() -> DraftPace { DraftPace(gauge.withLock { $0 }, now) }

  func change<R: Sendable>(_ body: (inout DraftGauge) -> R) -> R { gauge.withLock { body(&$0) } }
}

/// The rounds of one generation: a draft, if there is one, and a pass of the target. A round ends when the next one begins,
/// so that the last one is not counted.
final class DraftRounds: Sendable {
  private let pace: DraftPace
  private let state = Mutex(State())

  private struct State {
    /// How many tokens the draft of this round is to have.
    var asked = 0
    var drafted = 0
    /// When the round began, and what had been drawn by then; nil before the first one.
    var start: (at: Duration, drawn: Int)?
  }

  init(_ pace: DraftPace) { self.pace = pace }

  /// How many tokens the draft of this round is to have.
  var asked: Int { state.withLock { $0.asked } }

  /// Ends a round and begins the next one; returns whether it is to have a draft.
  func begin(at context: ProposalContext, atMost limit: Int) -> Bool {
    let now = pace.now()
    return state.withLock { round in
      let asked = pace.change { [round] gauge in
        if let start = round.start {
          let accepted = min(context.drawn - start.drawn - 1, round.drafted)
          gauge.note(drafted: round.drafted, accepted: accepted, seconds: (now - start.at) / .seconds(1))
        }
        return gauge.next(limit: limit)
      }
      round = State(asked: asked, start: (now, context.drawn))
      return asked > 0
    }
  }

  /// Takes note of the draft of this round.
  func note(_ draft: [Token]) -> [Token] {
    state.withLock { $0.drafted = draft.count }
    return draft
  }
}
