import Foundation
import NIOCore

/// Server-sent events that are about to be written.
struct EventBuffer {
  private(set) var bytes = ByteBuffer()
  private let encoder = JSONEncoder.compact

  /// Adds an event whose data is JSON.
  mutating func send(_ value: some Encodable, event name: String? = nil) throws {
    if let name { bytes.writeString("event: \(name)\n") }
    bytes.writeString("data: ")
    bytes.writeBytes(try encoder.encode(value))
    bytes.writeString("\n\n")
  }

  /// Adds an event whose data is JSON that is there already but for a text in the middle of it.
  mutating func send(_ text: String, between before: String, and after: String) {
    bytes.writeString("data: ")
    bytes.writeString(before)
    bytes.writeJSON(text)
    bytes.writeString(after)
    bytes.writeString("\n\n")
  }

  /// Adds an event whose data is these words.
  mutating func send(text: String) { bytes.writeString("data: \(text)\n\n") }

  /// Adds a comment, which clients skip.
  mutating func send(comment: String) { bytes.writeString(": \(comment)\n\n") }

  /// Removes and returns what is there.
  mutating func take() -> ByteBuffer {
    defer { bytes = ByteBuffer() }
    return bytes
  }
}

extension ByteBuffer {
  /// Writes a text as JSON.
  fileprivate mutating func writeJSON(_ text: String) {
    writeInteger(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): writeString("\\\"")
      case UInt8(ascii: "\\"): writeString("\\\\")
      case UInt8(ascii: "\n"): writeString("\\n")
      case 0..<0x20: writeString("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: writeInteger(byte)
      }
    }
    writeInteger(UInt8(ascii: "\""))
  }
}

/// How an API tells a run as server-sent events: a fold from its updates into the API's own events.
protocol RunFold: Sendable {
  /// What comes before the first update.
  mutating func begin(_ events: inout EventBuffer) throws
  /// What an update adds.
  mutating func take(_ update: ChoiceUpdate, _ events: inout EventBuffer) throws
  /// What shows during a silence that the connection is alive.
  mutating func ping(_ events: inout EventBuffer) throws
  /// What comes after the last update.
  mutating func finish(_ events: inout EventBuffer) throws
  /// What comes instead, if the run failed.
  mutating func fail(_ error: ServerError, _ events: inout EventBuffer) throws
}

extension RunFold {
  mutating func begin(_ events: inout EventBuffer) throws {}

  mutating func ping(_ events: inout EventBuffer) throws { events.send(comment: "ping") }

  mutating func fail(_ error: ServerError, _ events: inout EventBuffer) throws { try events.send(error) }
}
