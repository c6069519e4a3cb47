import Foundation
import TandemSupport

/// The part of a file that has arrived, `FILE.partial`, and what its server called it, `FILE.partial.json`.
///
/// Used by one exchange at a time, hence unchecked.
final class PartialFile: @unchecked Sendable {
  /// What has to stay the same for the rest to belong to what is here.
  struct Origin: Codable, Equatable {
    var etag: String?
    var total: Int64?
    var sha256: String?
    /// How the user called it: the name of a file in the cache of Hugging Face does not say what it is.
    var label: String?
  }

  let url: URL
  private let descriptor: Int32
  private(set) var size: Int64
  private(set) var origin: Origin

  /// Opens what an earlier attempt left behind, or starts a new file.
  init(for destination: URL) throws(ModelError) {
    url = Self.url(for: destination)
    try Self.makeFolder(destination.deletingLastPathComponent())
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(of: url, errno) }
    size = max(0, Int64(lseek(descriptor, 0, SEEK_END)))
    origin = Self.note(for: destination) ?? Origin()
  }

  deinit { close(descriptor) }

  static func url(for destination: URL) -> URL { destination.appendingPathExtension("partial") }
  static func noteURL(for destination: URL) -> URL { destination.appendingPathExtension("partial.json") }
  static func note(for destination: URL) -> Origin? {
    let note = try? Data(contentsOf: noteURL(for: destination))
    return note.flatMap { try? JSONDecoder().decode(Origin.self, from: $0) }
  }
  static func lockURL(for destination: URL) -> URL { destination.appendingPathExtension("lock") }

  /// Remembers what the server calls the file, before the first byte of it is written.
  func remember(_ origin: Origin) throws(ModelError) {
    guard origin != self.origin else { return }
    self.origin = origin
    do {
      try JSONEncoder().encode(origin).write(to: url.appendingPathExtension("json"), options: .atomic)
    } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
      throw Self.failure(of: url, ENOSPC)
    } catch {
      throw .notWritable(path: url.path, reason: error.systemReason)
    }
  }

  /// Forgets everything that has arrived.
  func startOver() throws(ModelError) {
    // Cutting /dev/full, a test's full disk, is refused; an empty file needs no cut.
    guard size == 0 || ftruncate(descriptor, 0) == 0 else { throw Self.failure(of: url, errno) }
    lseek(descriptor, 0, SEEK_SET)
    unlink(url.appendingPathExtension("json").path)
    size = 0
    origin = Origin()
  }

  /// Appends; when the disk is full, what did fit stays.
  func append(_ data: Data) throws(ModelError) {
    var written = 0
    var failure: Int32 = 0
    data.withUnsafeBytes { bytes in
      while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          failure = errno
          return
        }
        written += count
      }
    }
    size += Int64(written)
    guard failure == 0 else {
      throw Self.failure(of: url, failure, missing: (origin.total ?? size + Int64(data.count - written)) - size)
    }
  }

  /// Makes it the file itself: on the disk first, under its name second, so that no crash leaves half of it there.
  func install(as destination: URL) throws(ModelError) {
    do { try DurableFile.publish(url.path, as: destination.path) } catch { throw Self.failure(error) }
    unlink(Self.noteURL(for: destination).path)
  }

  /// Removes it together with its note.
  static func remove(for destination: URL) {
    unlink(url(for: destination).path)
    unlink(noteURL(for: destination).path)
  }
}

extension PartialFile {
  static func makeFolder(_ folder: URL) throws(ModelError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      let number = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
      if number == Int(ENAMETOOLONG) { throw failure(of: folder, ENAMETOOLONG) }
      throw .notWritable(path: folder.path, reason: error.systemReason)
    }
  }

  /// Bytes that an ordinary user may still write to the disk of a folder; nil if the system does not say.
  static func freeSpace(_ folder: URL) -> Int64? {
    var status = statvfs()
    guard statvfs(folder.path, &status) == 0 else { return nil }
    let (bytes, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflows ? .max : Int64(clamping: bytes)
  }

  /// Waits for the lock at `url`, which one task of one process holds.
  static func lock(_ url: URL, whileWaiting: () -> Void) async throws -> FileLock {
    try makeFolder(url.deletingLastPathComponent())
    do {
      return try await FileLock.acquire(url.path, whileWaiting: whileWaiting)
    } catch let fault as FileFault {
      throw failure(fault)
    }
  }

  private static func failure(_ fault: FileFault) -> ModelError {
    guard case .refused(let path, let number) = fault else {
      return .notWritable(path: fault.path, reason: fault.reason)
    }
    return failure(of: URL(filePath: path), number)
  }

  /// What an error number of the system means for a file of ours.
  static func failure(of url: URL, _ number: Int32, missing: Int64 = 0) -> ModelError {
    switch number {
    case ENAMETOOLONG:
      .invalidReference(text: url.lastPathComponent, reason: "its name is too long for the disk")
    case ENOSPC, EDQUOT:
      .diskFull(path: url.path, missing: max(missing - (freeSpace(url.deletingLastPathComponent()) ?? 0), 1))
    default:
      .notWritable(path: url.path, reason: String(cString: strerror(number)))
    }
  }
}
