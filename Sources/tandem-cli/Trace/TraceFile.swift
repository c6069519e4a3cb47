import Foundation
import Synchronization
import Tandem
import TandemEvaluation
import TandemSupport

/// A trace being written, line by line, so that a run that is stopped leaves a readable one.
final class TraceFile: Sendable {
  private let path: String
  private let state: Mutex<State>

  private struct State {
    let handle: FileHandle
    var failure: (any Error)?
  }

  init(_ path: String) throws {
    // Not FileManager.createFile: it puts a new file in the place of the old one, be that a pipe or a device.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else {
      throw EvaluationError.notWritable(path: path, reason: String(cString: strerror(errno)))
    }
    self.path = path
    state = Mutex(State(handle: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)))
  }

  func write(_ event: TimedEvent) {
    guard !event.event.isTransient else { return }
    state.withLock { state in
      guard state.failure == nil else { return }
      do {
        try state.handle.write(contentsOf: Data((try Trace.line(event) + "\n").utf8))
      } catch { state.failure = error }
    }
  }

  /// Throws what went wrong while writing: the run continues without a trace, and the error is reported at the end.
  func close() throws {
    let failure = state.withLock { state in
      do { try state.handle.close() } catch { state.failure = state.failure ?? error }
      return state.failure
    }
    if let failure { throw EvaluationError.notWritable(path: path, reason: failure.systemReason) }
  }
}

/// The events of a run, collected.
final class EventLog: Sendable {
  private let events = Mutex<[TimedEvent]>([])

  func add(_ event: TimedEvent) {
    guard !event.event.isTransient else { return }
    events.withLock { $0.append(event) }
  }

  var trace: Trace { Trace(events.withLock { $0 }) }
}
