package import FoundationEssentials

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a file can't be written.
package enum FileFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system refused; `number` is its `errno`.
  case refused(path: String, number: Int32)
  /// Another process holds the file's lock.
  case locked(path: String)
  /// The file was removed, renamed or replaced while it was open.
  case vanished(path: String)

  /// Whether a disk, a quota or a limit on file sizes (`ulimit -f`) is exhausted.
  package var isDiskFull: Bool {
    if case .refused(_, let number) = self { [ENOSPC, EDQUOT, EFBIG].contains(number) } else { false }
  }

  package var path: String {
    switch self {
    case .refused(let path, _), .locked(let path), .vanished(let path): path
    }
  }

  package var description: String { "\(path) can't be written: \(reason)." }

  /// A clause without a full stop, such as "Permission denied".
  package var reason: String {
    switch self {
    case .refused(_, let number): String(cString: strerror(number))
    case .locked: "another process is writing it"
    case .vanished: "it was removed, renamed or replaced while it was being written"
    }
  }
}

/// A file descriptor that is closed with its owner.
package final class OpenFile: Sendable {
  package let path: String
  package let descriptor: Int32

  /// - Parameters:
  ///   - flags: As for `open(2)`. A new file gets the permissions 0644, less the umask.
  ///   - target: The path that errors name, if it is another one.
  package init(_ path: String, _ flags: Int32, for target: String? = nil) throws(FileFault) {
    self.path = target ?? path
    descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .refused(path: self.path, number: errno) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A child process that is being started has a copy of the descriptor until it runs its own program. Closing leaves
    // the lock to that copy; unlocking frees it for all.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Whether `path` still names this file.
  package var isInPlace: Bool {
    var mine = stat()
    var named = stat()
    return fstat(descriptor, &mine) == 0 && stat(path, &named) == 0 && mine.st_ino == named.st_ino
      && mine.st_dev == named.st_dev
  }

  /// Takes the exclusive lock, or returns false if another process has it.
  package func lock() throws(FileFault) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw fault() }
    }
    return true
  }

  /// All bytes from the start to the end.
  package func contents() throws(FileFault) -> Data {
    var (data, buffer) = (Data(), [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(data.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault() }
      if count == 0 { return data }
      data += buffer[..<count]
    }
  }

  package func append(_ data: Data) throws(FileFault) {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { throw fault() }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  package func cut(to length: Int) throws(FileFault) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw fault() }
  }

  /// Waits until all that was written is on the disk.
  package func synchronise() throws(FileFault) {
    guard fsync(descriptor) == 0 else { throw fault() }
  }

  private func fault() -> FileFault { .refused(path: path, number: errno) }
}

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
