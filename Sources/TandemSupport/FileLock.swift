#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The lock of a file that one task of one process holds while it writes that file. The system frees it if the process
/// dies.
package final class FileLock: Sendable {
  private let file: OpenFile

  private init(_ file: OpenFile) { self.file = file }

  /// Waits for the lock at `path`, without blocking a thread. Throws `FileFault` or `CancellationError`.
  package static func acquire(_ path: String, whileWaiting: () -> Void) async throws -> FileLock {
    while true {
      let file = try OpenFile(path, O_RDWR | O_CREAT)
      // The last holder may have removed the file after it was opened here: then it locks nothing any more.
      if try file.lock(), file.isInPlace { return FileLock(file) }
      whileWaiting()
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Called once; a `deinit` could run before the work that the lock protects is done.
  package func release(leavingFile: Bool = false) {
    if !leavingFile { unlink(file.path) }
    flock(file.descriptor, LOCK_UN)
  }
}
