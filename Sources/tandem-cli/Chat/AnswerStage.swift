import Synchronization
import Tandem

/// How far an answer is, and how often it was interrupted.
final class AnswerStage: Sendable {
  private let state = Mutex((isAnswering: false, interrupts: 0, outcome: Outcome?.none))

  func note(_ event: Event) {
    state.withLock { state in
      switch event {
      case .text(let delta) where delta.segment == .answer && !delta.isTentative: state.isAnswering = true
      case .accepted(let thought) where thought.ending == .endOfThinking || thought.segment == .answer:
        state.isAnswering = true
      case .finished(let outcome): state.outcome = outcome
      default: break
      }
    }
  }

  var outcome: Outcome? { state.withLock { $0.outcome } }
  /// Whether the user wants to end the program.
  var isOver: Bool { state.withLock { $0.interrupts > 1 } }

  /// The first time ends the thinking, or stops an answer; the second time stops in any case.
  func interrupt(_ handle: ThinkingHandle, stop: () -> Void) {
    let stops = state.withLock { state in
      state.interrupts += 1
      return state.isAnswering || state.interrupts > 1
    }
    if stops { stop() } else { handle.endThinking() }
  }
}
