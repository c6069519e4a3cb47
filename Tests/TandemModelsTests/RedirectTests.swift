import Foundation
import Testing

@testable import TandemModels

@Suite struct `Redirects` {
  let folder: TemporaryFolder
  let content = sample(10_000)

  init() throws { folder = try TemporaryFolder() }

  @Test func `the token does not follow to another host`() async throws {
    let server = try TestServer { [content] request, _ in
      guard request.path == "/file" else { return .file(content, request) }
      let port = request.headers["host"]?.split(separator: ":").last ?? ""
      return .answer("302 Found", ["Location: http://localhost:\(port)/blob"])
    }
    _ = try await Download(server, to: folder, token: "secret").run()
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer secret", nil])
    #expect(server.requests[1].headers["host"]?.hasPrefix("localhost:") == true)
  }

  @Test func `the token does not follow to another port of the same host`() async throws {
    let other = try TestServer { [content] request, _ in .file(content, request) }
    let server = try TestServer { _, _ in .answer("302 Found", ["Location: \(other.url("/blob"))"]) }
    _ = try await Download(server, to: folder, token: "secret").run()
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer secret"])
    #expect(other.requests.map { $0.headers["authorization"] } == [nil])
  }

  @Test func `a name and a password in the address are a header, for the first host and port alone`() async throws {
    let other = try TestServer { [content] request, _ in .file(content, request) }
    let server = try TestServer { _, _ in .answer("302 Found", ["Location: \(other.url("/blob"))"]) }
    var download = Download(server, to: folder, token: "secret")
    download.request.url = server.url("/file", host: "me:a%40b@127.0.0.1")
    _ = try await download.run()
    let expected = "Basic " + Data("me:a@b".utf8).base64EncodedString()
    #expect(server.requests.map { $0.headers["authorization"] } == [expected])
    #expect(other.requests.map { $0.headers["authorization"] } == [nil])
  }

  @Test func `the standard port is the same server, named or not`() throws {
    func url(_ text: String) throws -> URL { try #require(URL(string: text)) }
    #expect(try url("https://A.example/x").isSameServer(as: url("https://a.example:443/y")))
    #expect(try url("http://a.example").isSameServer(as: url("http://a.example:80")))
    for other in ["http://a.example", "https://a.example:8443", "https://b.example", "https://a.example.b"] {
      #expect(try !url("https://a.example").isSameServer(as: url(other)))
    }
  }

  @Test func `the token stays on the same host`() async throws {
    let server = try TestServer { [content] request, _ in
      request.path == "/file" ? .answer("307 Temporary Redirect", ["Location: ../blob?x=1"]) : .file(content, request)
    }
    _ = try await Download(server, to: folder, token: "secret").run()
    #expect(server.requests.map(\.path) == ["/file", "/blob?x=1"])
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer secret", "Bearer secret"])
  }

  @Test func `every attempt asks the first host again, since links expire`() async throws {
    let server = try TestServer { [content] request, number in
      switch (request.path, number) {
      case ("/file", _): .answer("302 Found", ["Location: http://localhost:\(request.port)/blob\(number)"])
      case (_, 2): .file(content, request, stopAfter: 4_000)
      case (_, 4): .answer("403 Forbidden")
      default: .file(content, request)
      }
    }
    var download = Download(server, to: folder)
    download.patience.attempts = 4
    _ = try await download.run()
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map(\.path) == ["/file", "/blob1", "/file", "/blob3", "/file", "/blob5"])
    #expect(server.requests.last?.rangeStart == 4_000)
  }

  @Test func `a circle ends`() async throws {
    let server = try TestServer { _, _ in .answer("302 Found", ["Location: /file"]) }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "unexpected-answer")
    #expect(server.requests.count == 10)
  }

  @Test func `a second host that fails is named with its status`() async throws {
    let server = try TestServer { request, _ in
      guard request.path == "/file" else { return .answer("503 Service Unavailable") }
      return .answer("302 Found", ["Location: http://localhost:\(request.port)/blob"])
    }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error == .serverFailed(host: "localhost", status: 503))
  }

  @Test(arguments: [
    ("http://a/x", "http://b/x", true), ("http://a/x", "HTTPS://b/x", true), ("https://a/x", "https://b/x", true),
    ("https://a/x", "http://a/x", false), ("HTTPS://a/x", "HTTP://b/x", false), ("http://a/x", "file:///x", false),
  ])
  func `a redirect never leaves encryption`(from: String, to: String, isAllowed: Bool) throws {
    let (here, there) = (try #require(URL(string: from)), try #require(URL(string: to)))
    #expect(here.mayRedirect(to: there) == isAllowed)
  }

  @Test(arguments: [
    ("https://a/x", "HTTPS://A:443/y", true), ("http://a:80", "http://a/x", true),
    ("http://a:443/", "https://a/", false), ("https://a/", "https://a:8443/", false),
    ("https://a/", "https://b/", false),
  ])
  func `a server is a scheme, a host and a port`(one: String, other: String, isSame: Bool) throws {
    let (one, other) = (try #require(URL(string: one)), try #require(URL(string: other)))
    #expect(one.isSameServer(as: other) == isSame)
    #expect(other.isSameServer(as: one) == isSame)
  }

  @Test func `a redirect to a file of this machine is refused`() async throws {
    let server = try TestServer { _, _ in .answer("302 Found", ["Location: file:///etc/passwd"]) }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "unexpected-answer")
  }
}

extension TestServer.Request {
  fileprivate var port: String { String(headers["host"]?.split(separator: ":").last ?? "") }
}
