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
  /// Throws `invalidResponse` for an event that is too long to be one.
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
    let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.first.map({ Array($0) }) == Array("data".utf8) else { return }
    var value = parts.count > 1 ? parts[1] : []
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    if hasData { data.append(.newline) }
    data += value
    hasData = true
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
