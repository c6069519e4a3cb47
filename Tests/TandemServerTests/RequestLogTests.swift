import Foundation
import Hummingbird
import NIOCore
import Tandem
import Testing

@testable import TandemServer

@Suite struct `The log of requests` {
  @Test func `has a line of JSON for each, refused ones too`() async throws {
    let lines = Lines()
    _ = try await ask("/v1/nothing", .post, host: "evil.example") { lines.add($0) }
    let line = try #require(lines.all.first)
    let value = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(lines.all.count == 1 && value["status"] as? Int == 403 && value["path"] as? String == "/v1/nothing")
    #expect(value["error"] as? String == "forbidden" && (value["id"] as? String)?.isEmpty == false)
  }

  @Test func `tells tokens by model, seconds and the trace`() throws {
    var usage = Usage()
    usage.small.thinking = 7
    var notes = RequestRecord.Notes(id: "req_1", date: Date(timeIntervalSince1970: 0))
    (notes.method, notes.path, notes.status) = ("POST", "/v1/chat/completions", 200)
    (notes.model, notes.strategy, notes.finish, notes.usage) = ("nano", "small-only", "stop", usage)
    (notes.queue, notes.first, notes.total) = (0.0004, 0.1236, 2)
    notes.trace = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    #expect(
      RequestLine(notes: notes).text == """
        {"finish":"stop","first":0.124,"id":"req_1","method":"POST","model":"nano","path":"/v1/chat/completions",\
        "queue":0,"status":200,"strategy":"small-only","time":"1970-01-01T00:00:00.000Z",\
        "tokens":{"small":{"answer":0,"discarded":0,"prefilled":0,"thinking":7}},"total":2,\
        "trace":"4bf92f3577b34da6a3ce929d0e0e4736"}
        """)
  }

  @Test(arguments: [
    "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
  ])
  func `ignores a traceparent that is none`(header: String) { #expect(TraceParent(header) == nil) }

  @Test func `takes a traceparent of a later version`() {
    let later = TraceParent("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")
    #expect(later?.trace == "4bf92f3577b34da6a3ce929d0e0e4736" && later?.parent == "00f067aa0ba902b7")
  }

  @Test func `gets the line of a stream once it is over, also if nobody reads it`() async throws {
    let lines = Lines()
    var response = Response(status: .ok, body: ResponseBody { _ in lines.add("written") })
      .onceOver { lines.add("over") }
    #expect(lines.all.isEmpty)
    try await response.body.write(Discarding())
    #expect(lines.all == ["written", "over"])
    response = Response(status: .ok, body: ResponseBody { _ in }).onceOver { lines.add("dropped") }
    response = Response(status: .ok)
    #expect(lines.all.last == "dropped" && response.status == .ok)
  }

  private final class Discarding: ResponseBodyWriter {
    func write(_: ByteBuffer) {}
    func finish(_: HTTPFields?) {}
  }
}
