import Foundation
import Synchronization
import Testing

@testable import TandemModels

@Suite struct `Downloading and the limits of a machine` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `cancelling stops at once and keeps what has arrived`() async throws {
    let content = sample(300_000)
    let server = try TestServer { request, number in
      number == 1 ? .file(content, request, stopAfter: 100_000) + [.hang] : .file(content, request)
    }
    let reports = Reports()
    var download = Download(server, to: folder)
    download.progress = { reports.add($0) }
    let task = Task { [download] in await modelError { _ = try await download.run() } }
    while (folder.content("model.gguf.partial")?.count ?? 0) < 100_000 { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()  // the server sends nothing more, so that nothing else can end the download as this does
    #expect(await task.value == .cancelled(file: "model.gguf", kept: 100_000))
    #expect(folder.names == ["model.gguf.partial", "model.gguf.partial.json"])
    #expect(try await download.run().resumed == 100_000)
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `cancelling at any moment leaves something that can be resumed`() async throws {
    let content = sample(200_000)
    let server = try TestServer { request, _ in
      request.path == "/file" ? .answer("302 Found", ["Location: /blob"]) : .file(content, request)
    }
    var download = Download(server, to: folder)
    download.patience.idleTimeout = 1
    for round in 0..<100 {
      let task = Task { [download] in try await download.run() }
      try await Task.sleep(for: .microseconds(round * 97 % 4_000))
      task.cancel()
      _ = try? await task.value
      if let whole = folder.content("model.gguf") {
        #expect(whole == content)
        try FileManager.default.removeItem(at: folder.file("model.gguf"))
      }
    }
    _ = try await download.run()
    #expect(folder.names == ["model.gguf"])
  }

  @Test func `a slow disk holds the server up instead of filling the memory`() async throws {
    let size = 200_000_000
    let server = try TestServer { _, _ in
      [.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"), .bytes(sampleHeader(of: size)), .filler(size - 64)]
    }
    let sentMeanwhile = Mutex(Int?.none)
    var download = Download(server, to: folder)
    download.progress = { progress in
      guard progress.phase == .downloading, progress.done > 0 else { return }
      sentMeanwhile.withLock { sent in
        guard sent == nil else { return }
        Thread.sleep(forTimeInterval: 0.4)  // Long enough for all of it to arrive from this machine.
        sent = server.sentBytes - Int(progress.done)
      }
    }
    #expect(try await download.run().bytes == size)
    #expect(try #require(sentMeanwhile.withLock { $0 }) < 60_000_000)
  }

  @Test func `too little space is said before the first byte`() async throws {
    let server = try TestServer { request, _ in .file(sample(5_000), request) }
    var download = Download(server, to: folder)
    download.freeSpace = { _ in 2_000 }
    let error = await modelError { [download] in _ = try await download.run() }
    #expect(error == .diskFull(path: folder.file("model.gguf.partial").path, missing: 3_000))
    #expect(server.requests.count == 1)
  }

  #if os(Linux)
  @Test func `a disk that fills up on the way is said as such`() async throws {
    let server = try TestServer { request, _ in .file(sample(5_000), request) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("model.gguf.partial").path, withDestinationPath: "/dev/full")
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "disk-full")
  }
  #endif

  @Test func `a folder that can't be made is said as such`() async throws {
    let server = try TestServer { _, _ in [] }
    try Data().write(to: folder.file("models"))
    var download = Download(server, to: folder)
    download.request.destination = folder.file("models/model.gguf")
    let error = await modelError { [download] in _ = try await download.run() }
    #expect(error?.code == "not-writable")
    #expect("\(error as Any)".contains("TANDEM_MODELS"))
    #expect(server.requests.isEmpty)
  }

  @Test func `a lock that its process left behind by dying is no obstacle`() async throws {
    let server = try TestServer { request, _ in .file(sample(100), request) }
    try Data().write(to: folder.file("model.gguf.lock"))
    _ = try await Download(server, to: folder).run()
    #expect(folder.names == ["model.gguf"])
  }

}
