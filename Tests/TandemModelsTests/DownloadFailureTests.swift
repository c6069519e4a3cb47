import Foundation
import Testing

@testable import TandemModels

@Suite struct `Downloading from a server that refuses or lies` {
  let folder: TemporaryFolder
  let content = sample(50_000)

  init() throws { folder = try TemporaryFolder() }

  private func failure(
    token: String? = nil, sha256: String? = nil, _ script: @escaping TestServer.Script
  ) async throws -> (error: ModelError?, server: TestServer) {
    let server = try TestServer(script)
    let download = Download(server, to: folder, sha256: sha256, token: token)
    return (await modelError { _ = try await download.run() }, server)
  }

  @Test func `401 without a token says that one may be needed, and asks once`() async throws {
    let (error, server) = try await failure { _, _ in .answer("401 Unauthorized") }
    #expect(error == .unauthorized(file: "model.gguf", hasToken: false))
    #expect(server.requests.count == 1)
  }

  @Test(arguments: ["Bearer", "Bearer realm=\"x\", charset=\"UTF-8\"", "Basic realm=\"x\"", ""])
  func `401 with a challenge is the same, whatever the challenge`(_ challenge: String) async throws {
    let (error, _) = try await failure(token: "wrong") { _, _ in
      .answer("401 Unauthorized", ["WWW-Authenticate: \(challenge)"], body: Data("no".utf8))
    }
    #expect(error == .unauthorized(file: "model.gguf", hasToken: true))
  }

  @Test(arguments: ["401 Unauthorized", "403 Forbidden"])
  func `a gated repository says where its terms are`(_ status: String) async throws {
    let (error, _) = try await failure { _, _ in .answer(status, ["X-Error-Code: GatedRepo"]) }
    #expect(error == .gated(repository: "owner/repo", hasToken: false))
    #expect("\(error as Any)".contains("https://huggingface.co/owner/repo"))
  }

  @Test(arguments: [
    ("RepoNotFound", ModelError.MissingPart.repository), ("RevisionNotFound", .revision), ("EntryNotFound", .file),
    ("", .unknown),
  ])
  func `404 names the part that is missing`(_ code: String, _ part: ModelError.MissingPart) async throws {
    let (error, server) = try await failure { _, _ in .answer("404 Not Found", ["X-Error-Code: \(code)"]) }
    #expect(error == .notFound(part, file: "model.gguf"))
    #expect(server.requests.count == 1)
  }

  @Test func `429 is tried again after the pause that the server wants`() async throws {
    let server = try TestServer { [content] request, number in
      number == 1 ? .answer("429 Too Many Requests", ["Retry-After: 1"]) : .file(content, request)
    }
    let start = ContinuousClock.now
    _ = try await Download(server, to: folder).run()
    #expect(ContinuousClock.now - start >= .seconds(1))
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `429 with a long pause gives up at once and says how long`() async throws {
    let (error, server) = try await failure { _, _ in .answer("429 Too Many Requests", ["Retry-After: 3600"]) }
    #expect(error == .rateLimited(host: "127.0.0.1", seconds: 3600))
    #expect(server.requests.count == 1)
  }

  @Test func `500 is tried again, and given up in the end`() async throws {
    let (error, server) = try await failure { _, _ in .answer("500 Internal Server Error") }
    #expect(error == .serverFailed(host: "127.0.0.1", status: 500))
    #expect(server.requests.count == 3)
  }

  @Test func `a server that always closes early is given up, and the partial file kept`() async throws {
    let (error, server) = try await failure { [content] request, _ in .file(content, request, stopAfter: 1_000) }
    #expect(error == .lengthMismatch(file: "model.gguf", expected: 50_000, received: 3_000))
    #expect(server.requests.count == 3)
    #expect(folder.content("model.gguf.partial") == content.prefix(3_000))
  }

  @Test func `a server that always closes early is not given up while much arrives each time`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request, stopAfter: 10_000) }
    var download = Download(server, to: folder)
    download.patience.worthwhile = 10_000
    #expect(try await download.run().bytes == 50_000)
    #expect(server.requests.count == 5)
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `a body longer than the file is refused and not kept`() async throws {
    let (error, _) = try await failure { _, _ in
      [
        .send("HTTP/1.1 200 OK\r\nX-Linked-Size: 40000\r\nConnection: close\r\n\r\n"),
        .bytes(sample(40_000) + Data(count: 10_000)),
      ]
    }
    guard case .lengthMismatch("model.gguf", 40_000, let received) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(received > 40_000)
    #expect(folder.names.isEmpty)
  }

  @Test func `two lengths that contradict each other are refused before the body`() async throws {
    let (error, _) = try await failure { [content] _, _ in
      .answer("200 OK", ["X-Linked-Size: 40000"], body: content)
    }
    #expect(error == .lengthMismatch(file: "model.gguf", expected: 40_000, received: 50_000))
  }

  @Test func `416 again and again ends`() async throws {
    let (error, server) = try await failure { _, _ in .answer("416 Range Not Satisfiable") }
    #expect(error?.code == "unexpected-answer")
    #expect(server.requests.count == 3)
  }

  @Test func `an answer that is not HTTP is refused, no answer is a failed connection`() async throws {
    let (error, _) = try await failure { _, _ in [.send("SSH-2.0-OpenSSH_9.2\r\n\r\nhello")] }
    #expect(error == .unexpectedAnswer(host: "127.0.0.1", reason: "it does not speak HTTP"))
    let (closed, _) = try await failure { _, _ in [] }
    #expect(closed?.code == "connection-failed")
  }

  @Test func `a compressed answer is refused`() async throws {
    let (error, _) = try await failure { [content] _, _ in
      .answer("200 OK", ["Content-Encoding: br"], body: content)
    }
    #expect(error?.code == "unexpected-answer")
  }

  @Test func `nobody listening is a failed connection`() async throws {
    let server = try TestServer { _, _ in [] }
    server.stop()
    try await Task.sleep(for: .milliseconds(50))
    let download = Download(server, to: folder)
    #expect(await modelError { _ = try await download.run() }?.code == "connection-failed")
  }

  @Test func `a server that falls silent is given up`() async throws {
    let server = try TestServer { _, _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nGGUF"), .hang] }
    var download = Download(server, to: folder)
    download.patience.attempts = 1
    download.patience.idleTimeout = 1
    let error = await modelError { [download] in _ = try await download.run() }
    #expect(error == .lengthMismatch(file: "model.gguf", expected: 9, received: 4))
  }
}

@Suite struct `Verifying a file` {
  let folder: TemporaryFolder
  let content = sample(50_000)

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file with another digest is removed, partial and all`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    let expected = String(repeating: "a", count: 64)
    let error = await modelError { _ = try await Download(server, to: folder, sha256: expected).run() }
    #expect(error == .checksumMismatch(file: "model.gguf", expected: expected, actual: sha256(content)))
    #expect(folder.names.isEmpty)
  }

  @Test func `the digest that Hugging Face links to is used`() async throws {
    let wrong = String(repeating: "b", count: 64)
    let server = try TestServer { [content] request, number in
      let digest = number <= 2 ? sha256(content) : wrong
      return request.path == "/file"
        ? .answer("302 Found", ["Location: /blob", "X-Linked-ETag: \"\(digest)\"", "X-Linked-Size: 50000"])
        : .file(content, request)
    }
    #expect(try await Download(server, to: folder).run().verification == .server)
    try FileManager.default.removeItem(at: folder.file("model.gguf"))
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error == .checksumMismatch(file: "model.gguf", expected: wrong, actual: sha256(content)))
  }

  @Test func `the digest of the user overrules that of the server`() async throws {
    let server = try TestServer { [content] _, _ in
      .answer("200 OK", ["X-Linked-ETag: \"\(String(repeating: "b", count: 64))\""], body: content)
    }
    let outcome = try await Download(server, to: folder, sha256: sha256(content).uppercased()).run()
    #expect(outcome.verification == .pinned)
  }
}
