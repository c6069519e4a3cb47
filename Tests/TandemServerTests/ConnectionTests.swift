import Foundation
import Testing

@testable import TandemServer

/// What a server does with connections that do not behave. A fault here is a wait without an end; how long a wait takes
/// depends on what else is running.
@Suite(.timeLimit(.minutes(20))) struct `A connection` {
  private func post(_ uri: String, _ length: String, _ body: String = "") -> String {
    "POST \(uri) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(length)\r\n\r\n\(body)"
  }

  @Test func `with half a request does not keep the server from ending`() async throws {
    try await withServer { server in
      let connection = try Connection(port: server.port)
      await connection.send(post("/v1/rewards", "Content-Length: 100", "{"))
      // Answered: so the server has the half request too.
      let other = try Connection(port: server.port)
      await other.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
      _ = await other.read(until: "ok")
      server.task.cancel()
      try await server.task.value
    }
  }

  @Test(arguments: ["", "GET /hea", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"])
  func `that sends nothing more is closed`(text: String) async throws {
    try await withServer {
      $0.limits.idle = .milliseconds(200)
    } _: { server in
      let connection = try Connection(port: server.port)
      await connection.send(text)
      let found = try #require(await connection.read())
      #expect(text.hasSuffix("\r\n\r\n") == found.contains("200 OK"))
    }
  }

  @Test func `that sends a body too slowly gets an answer and is closed`() async throws {
    try await withServer {
      $0.limits.reading = .milliseconds(200)
    } _: { server in
      let connection = try Connection(port: server.port)
      await connection.send(post("/v1/rewards", "Content-Length: 100", "{"))
      let found = try #require(await connection.read())
      #expect(found.contains("408 Request Timeout") && found.lowercased().contains("connection: close"), "\(found)")
    }
  }

  @Test func `that sends a body without end gets an answer and is closed`() async throws {
    try await withServer {
      $0.limits.body = 1000
    } _: { server in
      let connection = try Connection(port: server.port)
      let chunk = "3E8\r\n\(String(repeating: " ", count: 1000))\r\n"
      await connection.send(post("/v1/rewards", "Transfer-Encoding: chunked", chunk + chunk))
      let found = try #require(await connection.read())
      #expect(found.contains("413 ") && found.contains("too_large"), "\(found)")
      #expect(found.contains("The body is larger than 1000 bytes."), "\(found)")
    }
  }

  @Test func `that ends in the middle of a body is told so`() async throws {
    try await withServer { server in
      let connection = try Connection(port: server.port)
      await connection.send(post("/v1/rewards", "Content-Length: 100", "{"))
      connection.finishSending()
      let found = try #require(await connection.read())
      #expect(found.contains("400 Bad Request"), "\(found)")
    }
  }

  @Test func `is answered while others are judged`() async throws {
    try await withServer { server in
      // Seconds of work: more at once than there are threads.
      let outputs = (0..<3000).map { "\"\\\\boxed{(x+\($0))^8 + \\\\frac{\($0)}{7}}\"" }.joined(separator: ",")
      let body = "{\"check\": \"mathematics\", \"answer\": \"(1+x)^9\", \"outputs\": [\(outputs)]}"
      let slow = try (0..<8).map { _ in try Connection(port: server.port) }
      for connection in slow {
        await connection.send(post("/v1/judgements", "Content-Length: \(body.utf8.count)", body))
      }
      let quick = try Connection(port: server.port)
      await quick.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(await quick.read(until: "\"ok\"")?.contains("200 OK") == true)
      #expect(slow.allSatisfy { !$0.hasAnswer })
    }
  }
}
