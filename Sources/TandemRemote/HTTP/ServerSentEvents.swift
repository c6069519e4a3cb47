import TandemInference

/// Reads server-sent events from bytes that may be cut anywhere, even inside a character (HTML Living Standard, 9.2.6).
struct ServerSentEvents {
  /// The most bytes of one event: more than any completion has.
  static let longestEvent = 4 << 20

  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var followsReturn = false

  /// The data of the events that `bytes` complete. Comments and other fields are skipped.
  ///
  /// Throws `RemoteFault` for an event that is too long to be one.
  mutating func append(_ bytes: some Sequence<UInt8>) throws(RemoteFault) -> [[UInt8]] {
    var events: [[UInt8]] = []
    for byte in bytes {
      defer { followsReturn = byte == .carriageReturn }
      guard byte == .newline || byte == .carriageReturn else {
        line.append(byte)
        guard line.count + data.count <= Self.longestEvent else {
          throw RemoteFault("an event of its stream has more than \(Self.longestEvent >> 20) MB")
        }
        continue
      }
      if byte == .newline && followsReturn { continue }
      if line.isEmpty {
        if hasData { events.append(data) }
        (data, hasData) = ([], false)
      } else {
        read(line)
      }
      line = []
    }
    return events
  }

  private mutating func read(_ line: [UInt8]) {
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    let field = line[..<colon]
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    if field.elementsEqual("error".utf8) {
      // Older llama-servers have a field of this name for errors.
      value = Array("{\"error\":".utf8) + value + Array("}".utf8)
    } else if !field.elementsEqual("data".utf8) {
      return
    }
    if hasData { data.append(.newline) }
    data += value
    hasData = true
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
