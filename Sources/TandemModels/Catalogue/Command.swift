import Foundation

/// Another program, run to its end.
struct Command: Sendable {
  let program: URL
  let arguments: [String]
  let environment: [String: String]

  /// Ends the program and throws `CancellationError` when the task is cancelled.
  func run() async throws -> CommandResult {
    try Task.checkCancellation()
    // A file rather than a pipe: nobody has to empty it while the program runs.
    let log = FileManager.default.temporaryDirectory.appending(path: "tandem-\(UUID().uuidString).log")
    guard FileManager.default.createFile(atPath: log.path, contents: nil) else {
      throw ModelError.notWritable(path: log.path, reason: "a temporary file can't be made")
    }
    defer { unlink(log.path) }
    let errors = try FileHandle(forWritingTo: log)
    defer { try? errors.close() }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    let running = RunningProcess(process)
    do {
      try await wait(for: process, running)
    } catch let error as CocoaError {
      throw ModelError.pythonMissing(reason: "\(program.path) can't be run: \(error.localizedDescription)")
    }
    try Task.checkCancellation()
    let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    return CommandResult(status: process.terminationStatus, errors: text)
  }

  private func wait(for process: Process, _ running: RunningProcess) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in continuation.resume() }
        do { try running.start() } catch { continuation.resume(throwing: error) }
      }
    } onCancel: {
      running.stop()
    }
  }
}

struct CommandResult: Sendable {
  let status: Int32
  let errors: String

  /// What the program said at its end, which is where the reason stands.
  var lastErrors: String {
    let lines = errors.split(separator: "\n").suffix(4).joined(separator: " ")
    return lines.isEmpty ? "it ended with status \(status)." : String(lines.suffix(600))
  }
}

/// A process that may be stopped before it was started.
///
/// Foundation's `Process` is not Sendable; a lock stands before every use of it, hence unchecked.
private final class RunningProcess: @unchecked Sendable {
  private let process: Process
  private let lock = NSLock()
  private var isStopped = false

  init(_ process: Process) { self.process = process }

  func start() throws {
    try lock.withLock {
      if isStopped { throw CancellationError() }
      // Threads of the Swift runtime block signals, and a child inherits that: it could be neither stopped nor
      // interrupted.
      var none = sigset_t()
      var blocked = sigset_t()
      sigemptyset(&none)
      pthread_sigmask(SIG_SETMASK, &none, &blocked)
      defer { pthread_sigmask(SIG_SETMASK, &blocked, nil) }
      try process.run()
    }
  }

  func stop() {
    lock.withLock {
      isStopped = true
      if process.isRunning { process.terminate() }
    }
  }
}
