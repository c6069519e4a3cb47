import Foundation
import Synchronization
import Tandem
import TandemInference

/// What a request was and what it cost. The middleware and the handler note it as they find out, and the log and the
/// metrics read it once, at the end.
final class RequestRecord: Sendable {
  private let arrival: ContinuousClock.Instant
  private let state: Mutex<Notes>

  /// What is known about a request.
  struct Notes: Sendable {
    /// As the response has it in `x-request-id`.
    var id: String
    var date = Date()
    var method = ""
    var path = ""
    /// Such as `/v1/models/{id}`; nil if there is no route for the path.
    var route: String?
    var status = 0
    /// The name of the caller's key; nil without keys.
    var key: String?
    /// The trace that it is a part of, as `traceparent` says.
    var trace: TraceParent?
    /// As it was asked for.
    var model: String?
    var strategy: String?
    var finish: String?
    /// An error's code, or its type.
    var error: String?
    /// What it cost, by model.
    var usage: Usage?
    /// Hand-overs, by reason.
    var handOvers: [Reason: Int] = [:]
    /// Seconds in the queue.
    var queue: Double?
    /// Seconds from its arrival to the first text.
    var first: Double?
    /// Seconds from its arrival to the end.
    var total = 0.0
    /// What was asked, for a log that is to have it.
    var prompt: [Message]?
  }

  /// Whether the log is to have what was asked.
  let hasPrompt: Bool

  init(id: String = "", arrival: ContinuousClock.Instant = .now, hasPrompt: Bool = false) {
    self.arrival = arrival
    self.hasPrompt = hasPrompt
    state = Mutex(Notes(id: id))
  }

  /// Seconds since its arrival.
  var seconds: Double { (ContinuousClock.now - arrival) / .seconds(1) }

  /// Notes what a handler found out.
  func note(_ change: (inout Notes) -> Void) { state.withLock { change(&$0) } }

  /// Notes that there is text, the first time that it is called.
  func noteText() {
    let seconds = seconds
    note { if $0.first == nil { $0.first = seconds } }
  }

  /// Notes an event of one of its runs.
  func take(_ event: Event) {
    switch event {
    case .handedOver(_, let reason): note { $0.handOvers[reason, default: 0] += 1 }
    case .finished(let outcome):
      note {
        $0.usage = ($0.usage ?? Usage()) + outcome.usage
        $0.finish = outcome.finish.rawValue
      }
    default: break
    }
  }

  /// What is known now.
  var notes: Notes { state.withLock { $0 } }
}
