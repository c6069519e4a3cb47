import Foundation

/// Reads the little-endian numbers and the texts of a GGUF header, and skips what is not asked for.
struct HeaderReader: ~Copyable {
  private let descriptor: Int32
  /// The size of the file.
  let end: Int64
  private(set) var position: Int64 = 0
  private var buffer: [UInt8] = []
  private var bufferStart: Int64 = 0

  init(_ url: URL) throws(ModelFile.Fault) {
    descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw .invalid("it can't be read: \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .invalid("it is not an ordinary file") }
    end = Int64(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws(ModelFile.Fault) -> Value {
    try bytes(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }

  /// The next bytes, at most `limit` of them.
  mutating func text(limit: UInt64 = 65_535) throws(ModelFile.Fault) -> String {
    let length: UInt64 = try integer()
    guard length <= limit else { throw .invalid("a name in it has \(length) bytes") }
    return String(decoding: try bytes(Int(length)), as: UTF8.self)
  }

  mutating func skip(_ count: UInt64) throws(ModelFile.Fault) {
    guard count <= UInt64(end - position) else { throw .cutShort }
    position += Int64(count)
  }

  /// The first bytes of the file, fewer if it has fewer; continues after the first four.
  mutating func beginning(_ count: Int) throws(ModelFile.Fault) -> [UInt8] {
    defer { position = min(4, end) }
    return try bytes(Int(min(Int64(count), end)))
  }

  private mutating func bytes(_ count: Int) throws(ModelFile.Fault) -> [UInt8] {
    guard Int64(count) <= end - position else { throw .cutShort }
    if position < bufferStart || position + Int64(count) > bufferStart + Int64(buffer.count) {
      buffer = [UInt8](repeating: 0, count: max(count, Int(min(1 << 16, end - position))))
      bufferStart = position
      let read = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(position)) }
      guard read >= count else { throw .cutShort }
      buffer.removeLast(buffer.count - read)
    }
    let start = Int(position - bufferStart)
    position += Int64(count)
    return Array(buffer[start..<start + count])
  }
}
