import Foundation

/// A file of JSON Lines that is only ever appended to: a line is on the disk and whole, or not there at all.
///
/// One actor writes it; nobody else does, and no other process, as long as it is open.
final class LineLog {
  private let file: URL
  private let handle: FileHandle
  /// Bytes of whole lines.
  private var length: UInt64
  private let encoder = JSONEncoder()

  /// Opens or makes the file, and cuts off a last line that a kill has left unfinished.
  ///
  /// Throws `inUse` where another process has it open, or `notWritable`.
  init(_ file: URL) throws(EvaluationError) {
    self.file = file
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .notWritable(path: file.path, reason: String(cString: strerror(errno)))
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw .inUse(path: file.deletingLastPathComponent().path)
    }
    do {
      let data = try handle.readToEnd() ?? Data()
      length = UInt64(data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
      if length < UInt64(data.count) { try handle.truncate(atOffset: length) }
    } catch { throw .notWritable(file, error) }
  }

  /// Writes a line, and waits until it is on the disk. After an error the file is as it was before.
  func append(_ value: some Encodable) throws(EvaluationError) {
    do {
      let line = try encoder.encode(value) + [UInt8(ascii: "\n")]
      try handle.write(contentsOf: line)
      try handle.synchronize()
      length += UInt64(line.count)
    } catch {
      // Should this fail as well, the next one to open the file cuts it.
      try? handle.truncate(atOffset: length)
      throw .notWritable(file, error)
    }
  }
}

extension EvaluationError {
  /// What went wrong while a file was written: `diskFull` where that was it.
  static func notWritable(_ file: URL, _ error: any Error) -> Self {
    let numbers = sequence(first: error as NSError) { $0.userInfo[NSUnderlyingErrorKey] as? NSError }
      .filter { $0.domain == NSPOSIXErrorDomain }.map { Int32($0.code) }
    let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
    // EFBIG: a limit of the process (ulimit -f) or of the file system.
    guard isFull || numbers.contains(where: { [ENOSPC, EDQUOT, EFBIG].contains($0) }) else {
      return .notWritable(path: file.path, reason: (error as NSError).localizedDescription)
    }
    return .diskFull(path: file.path)
  }
}
