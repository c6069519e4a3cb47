import FoundationEssentials

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file of JSON Lines that only grows: a line is on the disk in whole, or it is not there.
///
/// Used by one task at a time. No other process can open it as long as this one has it open.
package final class LineLog {
  private let file: OpenFile
  /// Bytes of whole lines.
  private var length: Int

  /// Opens or creates the file, and cuts off a last line that a kill left unfinished.
  ///
  /// Throws `locked` if another process has it open, or `refused`.
  package init(_ path: String) throws(FileFault) {
    file = try OpenFile(path, O_RDWR | O_CREAT | O_APPEND)
    guard try file.lock() else { throw .locked(path: path) }
    let data = try file.contents()
    length = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if length < data.count { try file.cut(to: length) }
  }

  /// Throws `vanished` if the path no longer names this file: what was written to it would be lost.
  package func checkPlace() throws(FileFault) {
    guard file.isInPlace else { throw .vanished(path: file.path) }
  }

  /// Writes a line and waits until it is on the disk. After an error the file is as it was before.
  ///
  /// Throws `vanished` as `checkPlace` does.
  package func append(_ value: some Encodable) throws {
    let line = Data((try value.json() + "\n").utf8)
    do throws(FileFault) {
      try file.append(line)
      try file.synchronise()
      try checkPlace()
      length += line.count
    } catch {
      // If this fails as well, the next one to open the file cuts it.
      try? file.cut(to: length)
      throw error
    }
  }
}
