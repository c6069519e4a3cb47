import Foundation

/// Answers as bytes.
extension [ScriptedServer.Step] {
  /// A whole answer.
  static func answer(
    _ body: String, status: Int = 200, type: String = "application/json", headers: [String: String] = [:]
  ) -> Self {
    let more = headers.map { "\($0): \($1)\r\n" }.joined()
    let head =
      "HTTP/1.1 \(status) Because\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n"
    return [.bytes([UInt8]((head + body).utf8))]
  }

  /// The members of an object as an answer.
  static func answer(_ members: [String: Any], status: Int = 200) -> Self { answer(text(of: members), status: status) }

  /// How a stream is over.
  enum End {
    /// As HTTP wants it.
    case whole
    /// The connection is closed in the midst of it.
    case cut
    /// Nothing more comes.
    case silence
  }

  /// A stream of events.
  ///
  /// - Parameter piece: Bytes of one chunk; nil for an event each.
  static func events(_ events: [String], end: End = .whole, piece: Int? = nil) -> Self {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    let texts = events.map { [UInt8]("data: \($0)\n\n".utf8) }
    let chunks: [ArraySlice<UInt8>]
    if let piece {
      let all = texts.flatMap { $0 }
      chunks = stride(from: 0, to: all.count, by: piece).map { all[$0..<Swift.min($0 + piece, all.count)] }
    } else {
      chunks = texts.map { $0[...] }
    }
    var steps: Self = [.bytes([UInt8](head.utf8))]
    steps += chunks.map { .bytes([UInt8]("\(String($0.count, radix: 16))\r\n".utf8) + $0 + [UInt8]("\r\n".utf8)) }
    return switch end {
    case .whole: steps + [.bytes([UInt8]("0\r\n\r\n".utf8))]
    case .cut: steps + [.close]
    case .silence: steps + [.wait]
    }
  }

  static func text(of members: [String: Any]) -> String {
    guard let data = try? JSONSerialization.data(withJSONObject: members, options: .sortedKeys) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
