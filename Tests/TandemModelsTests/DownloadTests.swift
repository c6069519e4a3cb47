import Foundation
import Testing

@testable import TandemModels

@Suite struct `Downloading a file` {
  let folder: TemporaryFolder
  let content = sample(300_000)

  init() throws { folder = try TemporaryFolder() }

  @Test func `puts the file under its name, and nothing else beside it`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    let outcome = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
    #expect(folder.names == ["model.gguf"])
    #expect(outcome == .init(bytes: 300_000, sha256: sha256(content), verification: .none, resumed: 0))
    #expect(server.requests.count == 1)
    #expect(server.requests[0].headers["accept-encoding"] == "identity")
    #expect(server.requests[0].headers["range"] == nil)
  }

  @Test func `fetches only the rest after every dropped connection`() async throws {
    let server = try TestServer { [content] request, number in
      .file(content, request, stopAfter: number < 3 ? 100_000 : .max)
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map(\.rangeStart) == [nil, 100_000, 200_000])
    #expect(server.requests[1].headers["if-range"] == "\"v1\"")
  }

  @Test func `continues where an earlier process stopped`() async throws {
    let server = try TestServer { [content] request, number in
      .file(content, request, stopAfter: number == 1 ? 120_000 : .max)
    }
    var download = Download(server, to: folder)
    download.patience.attempts = 1
    let error = await modelError { _ = try await download.run() }
    #expect(error == .lengthMismatch(file: "model.gguf", expected: 300_000, received: 120_000))
    #expect(folder.names == ["model.gguf.partial", "model.gguf.partial.json"])
    let outcome = try await download.run()
    #expect(outcome.resumed == 120_000)
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map(\.rangeStart) == [nil, 120_000])
  }

  @Test func `starts over when the file changed in between`() async throws {
    let newer = sample(250_001, seed: 1)
    let server = try TestServer { [content] request, number in
      number == 1
        ? .file(content, request, stopAfter: 100_000) : .file(newer, request, etag: "\"v2\"")
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == newer)
    #expect(server.requests.map(\.rangeStart) == [nil, 100_000])
  }

  @Test func `starts over when a server sends the rest of another file`() async throws {
    let newer = sample(300_000, seed: 1)
    let server = try TestServer { [content] request, number in
      var request = request
      if number == 2 { request.headers["if-range"] = nil }  // This server does not know If-Range.
      return number == 1 ? .file(content, request, stopAfter: 9) : .file(newer, request, etag: "\"v2\"")
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == newer)
    #expect(server.requests.map(\.rangeStart) == [nil, 9, nil])
  }

  @Test func `takes the whole file from a server that knows no ranges`() async throws {
    let server = try TestServer { [content] request, number in
      number == 1 ? .file(content, request, stopAfter: 9) : .answer("200 OK", ["ETag: \"v1\""], body: content)
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `does not resume what nothing vouches for`() async throws {
    let server = try TestServer { [content] request, number in
      .file(content, request, etag: "W/\"weak\"", stopAfter: number == 1 ? 9 : .max)
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map(\.rangeStart) == [nil, nil])
  }

  @Test func `discards a partial file that is longer than the file, once`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    try sample(400_000).write(to: folder.file("model.gguf.partial"))
    try Data(#"{"etag":"\"v1\"","total":500000}"#.utf8).write(to: folder.file("model.gguf.partial.json"))
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
    #expect(server.requests.map(\.rangeStart) == [400_000, nil])
  }

  @Test func `asks nobody for a file that had arrived whole`() async throws {
    let server = try TestServer { _, _ in .answer("500 Internal Server Error") }
    try content.write(to: folder.file("model.gguf.partial"))
    let note = #"{"etag":"\"v1\"","total":300000,"sha256":"\#(sha256(content))"}"#
    try Data(note.utf8).write(to: folder.file("model.gguf.partial.json"))
    let outcome = try await Download(server, to: folder).run()
    #expect(outcome.verification == .server)
    #expect(server.requests.isEmpty)
  }

  @Test func `does not fetch a file that another process has just installed`() async throws {
    let server = try TestServer { _, _ in .answer("500 Internal Server Error") }
    try content.write(to: folder.file("model.gguf"))
    #expect(try await Download(server, to: folder).run().bytes == 300_000)
    let other = String(repeating: "0", count: 64)
    let error = await modelError { _ = try await Download(server, to: folder, sha256: other).run() }
    #expect(error?.code == "installed-differs")
    #expect(folder.names == ["model.gguf"])
  }

  @Test func `tells how far it is`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    let reports = Reports()
    var download = Download(server, to: folder)
    download.progress = { reports.add($0) }
    _ = try await download.run()
    let downloading = reports.all.filter { $0.phase == .downloading }
    #expect(downloading.first?.done == 0)
    #expect(downloading.last?.done == 300_000)
    #expect(downloading.allSatisfy { $0.total == 300_000 && $0.bytesPerSecond >= 0 })
    #expect(downloading.last?.fraction == 1)
    #expect(reports.all.last?.phase == .verifying)
  }

  @Test func `lets several tasks at the same file wait for each other`() async throws {
    let server = try TestServer { [content] request, _ in [.pause(seconds: 0.05)] + .file(content, request) }
    let downloads = (0..<4).map { _ in Download(server, to: folder) }
    try await withThrowingTaskGroup { group in
      for download in downloads { group.addTask { try await download.run() } }
      for try await outcome in group { #expect(outcome.sha256 == sha256(content)) }
    }
    #expect(server.requests.count == 1)
    #expect(folder.names == ["model.gguf"])
  }
}

final class Reports: @unchecked Sendable {
  private let lock = NSLock()
  private var reports: [PullProgress] = []
  func add(_ report: PullProgress) { lock.withLock { reports.append(report) } }
  var all: [PullProgress] { lock.withLock { reports } }
}
