import Foundation
import Synchronization
import TandemCommandLine

/// The keys of a terminal, one by one as they are pressed, and the line that a user writes with them.
///
/// Its keys do not become signals or echoes while it is in use. When it is closed, or the process ends, the terminal is
/// as it was.
final class Keyboard: Sendable {
  private let state = Mutex(State())

  private struct State {
    var decoder = KeyDecoder()
    var editor = LineEditor()
    /// Keys that nobody has asked for yet.
    var ahead: [Key] = []
    var waiter: CheckedContinuation<Key?, Never>?
    var watcher: (@Sendable (Key) -> Bool)?
    var isOver = false
  }

  /// Nil unless both input and output are a terminal that can move its cursor.
  init?() {
    guard isatty(STDIN_FILENO) != 0, Console.current().isTerminal,
      ProcessInfo.processInfo.environment["TERM"] != "dumb", TerminalMode.enter()
    else { return nil }
    Thread.detachNewThread { [weak self] in
      while self?.read() == true {}
    }
    Console.writeControl("\u{1B}[?2004h")  // pastes are marked as such
  }

  func close() {
    Console.writeControl("\u{1B}[?2004l")
    TerminalMode.leave()
  }

  /// The line that the user writes; nil at the end of input, or if the task is cancelled.
  ///
  /// Throws `ExitCode` at the second Ctrl-C in a row.
  func line(prompt: String) async throws -> String? {
    var interrupts = 0
    while true {
      draw(prompt)
      guard let key = await next() else { return nil }
      switch state.withLock({ $0.editor.take(key) }) {
      case .editing: interrupts = 0
      case .entered(let line):
        Console.writeControl("\n")
        return line
      case .ended:
        Console.writeControl("\n")
        return nil
      case .interrupted(let wasEmpty):
        interrupts = wasEmpty ? interrupts + 1 : 0
        Console.writeControl("\n")
        if interrupts > 1 { throw Interrupted() }
        if wasEmpty { Console.write(StyledText("Ctrl-C again, or Ctrl-D, ends the conversation.\n", .dim)) }
      }
    }
  }

  /// Calls `watcher` for each key until `body` is done; keys for which it returns false are kept for the next line.
  func watch<Value>(
    _ watcher: @escaping @Sendable (Key) -> Bool, during body: () async throws -> Value
  ) async rethrows -> Value {
    state.withLock { $0.watcher = watcher }
    defer { state.withLock { $0.watcher = nil } }
    return try await body()
  }

  private func draw(_ prompt: String) {
    let (line, cursor) = state.withLock { $0.editor.shown(prompt: prompt, width: Console.current().width) }
    Console.writeControl("\r\u{1B}[K\(line.withVisibleControls)\r\u{1B}[\(cursor)C")
  }

  private func next() async -> Key? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let key: Key?? = state.withLock { state in
          if !state.ahead.isEmpty { return .some(state.ahead.removeFirst()) }
          if state.isOver || Task.isCancelled { return .some(nil) }
          state.waiter = continuation
          return nil
        }
        if let key { continuation.resume(returning: key) }
      }
    } onCancel: {
      take([], isOver: false, isCancelled: true)
    }
  }

  /// Waits for keys; false at the end of input.
  private func read() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0 && (errno == EINTR || errno == EAGAIN) {
      var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      poll(&wait, 1, -1)
      return true
    }
    let keys = state.withLock { $0.decoder.append(buffer.prefix(max(count, 0))) }
    take(keys, isOver: count <= 0)
    return count > 0
  }

  private func take(_ keys: [Key], isOver: Bool, isCancelled: Bool = false) {
    let watcher = state.withLock { $0.watcher }
    let kept = keys.filter { watcher?($0) != true }
    let (waiter, key): (CheckedContinuation<Key?, Never>?, Key?) = state.withLock { state in
      state.ahead += kept
      state.isOver = state.isOver || isOver
      guard let waiter = state.waiter, !state.ahead.isEmpty || state.isOver || isCancelled else {
        return (nil, nil)
      }
      state.waiter = nil
      return (waiter, state.ahead.isEmpty ? nil : state.ahead.removeFirst())
    }
    waiter?.resume(returning: key)
  }
}

/// The user has pressed Ctrl-C twice.
struct Interrupted: ReportableError {
  var description: String { "" }
  var exitStatus: ExitStatus { .interrupted }
}
