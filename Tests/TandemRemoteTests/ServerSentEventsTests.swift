import Testing

@testable import TandemRemote

@Suite("Server-sent events")
struct ServerSentEventsTests {
  private static let stream =
    ": a comment\r\ndata: {\"a\":\"é🙂\"}\r\n\r\nid: 3\ndata: one\ndata:two\n\ndata\n\ndata: [DONE]\n\n"

  private static let events = ["{\"a\":\"é🙂\"}", "one\ntwo", "", "[DONE]"]

  @Test func `are the same wherever the bytes are cut`() throws {
    let bytes = Array(Self.stream.utf8)
    for size in 1...bytes.count {
      var (parser, found) = (ServerSentEvents(), [String]())
      for start in stride(from: 0, to: bytes.count, by: size) {
        let part = bytes[start..<min(start + size, bytes.count)]
        found += try parser.append(part).map { String(decoding: $0, as: UTF8.self) }
      }
      #expect(found == Self.events, "in parts of \(size)")
    }
  }

  @Test func `that never end are refused`() {
    var parser = ServerSentEvents()
    #expect(throws: RemoteFault.self) {
      for _ in 0...ServerSentEvents.longestEvent / 1024 { _ = try parser.append([UInt8](repeating: 120, count: 1024)) }
    }
  }
}
