import Foundation

/// Held by the one process (and the one task of it) that writes a file.
///
/// Freed by the system if the process dies.
final class FileLock: Sendable {
  private let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Waits for the lock at `path`, without blocking a thread.
  static func acquire(_ path: String, whileWaiting: () -> Void) async throws -> FileLock {
    while true {
      if let lock = try attempt(path) { return lock }
      whileWaiting()
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private static func attempt(_ path: String) throws(ModelError) -> FileLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw PartialFile.failure(of: URL(filePath: path), errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      guard number == EWOULDBLOCK || number == EINTR else { throw PartialFile.failure(of: URL(filePath: path), number) }
      return nil
    }
    // The last holder removed the file between our opening and locking it: then it locks nothing any more.
    var mine = stat()
    var current = stat()
    guard fstat(descriptor, &mine) == 0, stat(path, &current) == 0, mine.st_ino == current.st_ino else {
      close(descriptor)
      return nil
    }
    return FileLock(path: path, descriptor: descriptor)
  }

  /// Called once; a `deinit` could come before the work that the lock protects is done.
  func release(leavingFile: Bool = false) {
    if !leavingFile { unlink(path) }
    close(descriptor)
  }
}
