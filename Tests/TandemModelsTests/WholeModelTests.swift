import Foundation
import Testing

@testable import TandemModels

@Suite struct `Only whole models are installed` {
  let folder: TemporaryFolder
  let content = sample(300_000)

  init() throws { folder = try TemporaryFolder() }

  private static let foreign: [Data] = [
    Data(), Data("<html>login</html>".utf8), Data("<!DOCTYPE html>\n<p>".utf8), Data("{\"error\": \"x\"}".utf8),
    Data("version https://git-lfs.github.com/spec/v1\n".utf8), Data("PK\u{3}\u{4}".utf8), Data("G".utf8),
    Data("GGU".utf8), Data("GGML".utf8), Data("GGUF".utf8), Data("\u{1B}[2J".utf8), Data(count: 50_000),
    sampleHeader(of: 300_000, version: 1), sampleHeader(of: 300_000, version: 0x0300_0000),
    sampleHeader(of: 300_000, tensors: .max), sampleHeader(of: 300_000, values: .max), sampleHeader(of: .max),
  ]

  /// With a length and without one: then only the end of the connection ends the body.
  @Test(arguments: foreign, [true, false])
  func `what is no model is refused with its first bytes`(_ body: Data, _ hasLength: Bool) async throws {
    let server = try TestServer { _, _ in Self.answer(body, hasLength) }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "unexpected-answer" || error?.code == "length-mismatch", "\(error as Any)")
    #expect("\(error as Any)".allSatisfy { !$0.isASCII || $0.asciiValue ?? 0 >= 0x20 })
    #expect(folder.content("model.gguf") == nil)
  }

  @Test func `a page is named by its first line, asked for once, and leaves nothing`() async throws {
    let server = try TestServer { _, _ in .answer("200 OK", body: Data("<html>login</html>\n".utf8)) }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect("\(error as Any)".contains("\"<html>login</html>\""))
    #expect(server.requests.count == 1)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [5, 30, 60, 64, 65, 100_000, 299_999], [true, false])
  func `a body that ends early is refused, with a length and without one`(_ count: Int, _ hasLength: Bool) async throws
  {
    let server = try TestServer { [content] _, _ in Self.answer(content.prefix(count), hasLength) }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "unexpected-answer" || error?.code == "length-mismatch", "\(error as Any)")
    #expect(folder.content("model.gguf") == nil)
  }

  @Test func `a whole body without a length is installed`() async throws {
    let server = try TestServer { [content] _, _ in Self.answer(content, false) }
    #expect(try await Download(server, to: folder).run().bytes == 300_000)
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `bytes behind the last tensor need a digest`() async throws {
    let longer = content + Data(count: 100)
    let server = try TestServer { _, _ in Self.answer(longer, true) }
    #expect(await modelError { _ = try await Download(server, to: folder).run() }?.code == "unexpected-answer")
    #expect(folder.names.isEmpty)
    #expect(try await Download(server, to: folder, sha256: sha256(longer)).run().bytes == 300_100)
  }

  @Test(arguments: [sampleHeader(of: 300_000), Data("no model".utf8)])
  func `a body without an end is left`(_ beginning: Data) async throws {
    let server = try TestServer { _, _ in
      let endless = (0..<3_000).flatMap { _ in [TestServer.Step.filler(1_000_000), .pause(seconds: 0.005)] }
      return [.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), .bytes(beginning)] + endless
    }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "length-mismatch" || error?.code == "unexpected-answer", "\(error as Any)")
    #expect(server.sentBytes < 2_000_000_000)
    #expect(folder.names.isEmpty)
  }

  @Test func `too little space is said when the header tells the size`() async throws {
    let server = try TestServer { [content] _, _ in Self.answer(content.prefix(100_000), false) + [.hang] }
    var download = Download(server, to: folder)
    download.freeSpace = { _ in 100_000 }
    let error = await modelError { [download] in _ = try await download.run() }
    #expect(error?.code == "disk-full")
  }

  @Test func `a length below what the header asks for is not believed`() async throws {
    let server = try TestServer { [content] _, _ in
      .answer("200 OK", body: content.prefix(200_000), length: 200_000)
    }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect("\(error as Any)".contains("200000 of 300000"))
    #expect(folder.names.isEmpty)
  }

  @Test func `such a length is refused with the header, before the rest has arrived`() async throws {
    let server = try TestServer { [content] _, _ in
      [TestServer.Step].answer("200 OK", body: content.prefix(100_000), length: 200_000) + [.hang]
    }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect("\(error as Any)".contains("200000 of 300000"))
    #expect(server.requests.count == 1)
  }

  @Test func `a body without a length that ends early is continued where it ended`() async throws {
    let server = try TestServer { [content] request, number in
      guard number == 1 else { return .file(content, request) }
      let head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n"
      return [.send(head), .bytes(content.prefix(200_000))]
    }
    #expect(try await Download(server, to: folder).run().bytes == 300_000)
    #expect(server.requests.map(\.rangeStart) == [nil, 200_000])
    #expect(folder.content("model.gguf") == content)
  }

  @Test(arguments: [
    "Content-Range: bytes 100000-299999/300000", "content-range: Bytes 100000-299999/*",
    "Content-Range: bytes=100000-/300000", "X-Nothing: 1",
  ])
  func `a rest that is sent as if it were the whole file is not taken for it`(_ range: String) async throws {
    let server = try TestServer { [content] request, number in
      guard let start = request.rangeStart else {
        return .file(content, request, stopAfter: number == 1 ? 100_000 : .max)
      }
      return .answer("200 OK", ["ETag: \"v1\"", range], body: content.dropFirst(start))
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `a rest that is none of the file makes it start over`() async throws {
    let server = try TestServer { [content] request, number in
      guard let start = request.rangeStart else {
        return .file(content, request, stopAfter: number == 1 ? 100_000 : .max)
      }
      let wrong = "Content-Range: bytes \(start + 5)-299999/300000"
      return .answer("200 OK", ["ETag: \"v1\"", wrong], body: content.dropFirst(start + 5))
    }
    _ = try await Download(server, to: folder).run()
    #expect(folder.content("model.gguf") == content)
  }

  @Test func `a page in the place of the rest keeps what has arrived`() async throws {
    let server = try TestServer { [content] request, number in
      number == 1
        ? .file(content, request, stopAfter: 100_000) : .answer("200 OK", body: Data("<html>pay</html>".utf8))
    }
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "unexpected-answer")
    #expect(folder.content("model.gguf.partial") == content.prefix(100_000))
  }

  @Test func `a stranger under the name is said to be one`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    try Data("<html>".utf8).write(to: folder.file("model.gguf"))
    let error = await modelError { _ = try await Download(server, to: folder).run() }
    #expect(error?.code == "damaged")
    #expect(server.requests.isEmpty)
  }

  private static func answer(_ body: Data, _ hasLength: Bool) -> [TestServer.Step] {
    hasLength
      ? .answer("200 OK", body: body) : [.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), .bytes(body)]
  }
}

@Suite struct `Reading the header of a model file` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["nano-small", "nano-large", "nano-small-draft"])
  func `tells the size of a real one to the byte`(_ name: String) throws {
    let url = try NanoResources.url(of: "\(name).gguf")
    let file = try ModelFile(url)
    let size = try #require(ModelStore.size(url))
    #expect((file.byteCount...file.longestByteCount).contains(size))
    #expect(file.longestByteCount - file.byteCount < 32)
    #expect(ModelFile.fault(in: url) == nil)
    let data = try Data(contentsOf: url)
    for count in [0, 3, 4, 20, 1_000, 20_000, data.count / 2, data.count - 40] {
      try data.prefix(count).write(to: folder.file("cut.gguf"))
      #expect(ModelFile.fault(in: folder.file("cut.gguf")) != nil, "\(count)")
    }
  }

  /// Rows of llama.cpp's table of types: elements and bytes of a block.
  @Test(arguments: [
    (UInt32(0), 256, 1_024), (1, 256, 512), (2, 32, 18), (8, 32, 34), (12, 256, 144), (14, 256, 210), (23, 256, 136),
    (30, 2, 4), (39, 32, 17),
  ])
  func `knows the size of a type`(_ type: UInt32, _ elements: Int, _ bytes: Int) throws {
    try sampleHeader(of: 64 + elements, type: type).write(to: folder.file("x.gguf"))
    let file = try ModelFile(folder.file("x.gguf"))
    #expect(file.byteCount == Int64(64 + bytes))
  }

  @Test func `takes a type of a later version for anything`() throws {
    try sampleHeader(of: 164, type: 77).write(to: folder.file("x.gguf"))
    let file = try ModelFile(folder.file("x.gguf"))
    #expect(file.byteCount == 64 && file.longestByteCount == 64 + 800)
  }

  @Test func `ends on any bytes`() throws {
    let header = try Data(contentsOf: NanoResources.url(of: "nano-small-draft.gguf")).prefix(6_000)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var bytes = [UInt8](header)
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 4..<bytes.count, using: &random)
        bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      }
      try Data(bytes).write(to: folder.file("x.gguf"))
      let fault = ModelFile.fault(in: folder.file("x.gguf"))
      #expect(fault?.allSatisfy { $0.isASCII && $0.asciiValue ?? 0 >= 0x20 } ?? true)
    }
  }

  @Test func `a folder, a link to nothing and a pipe are no files`() throws {
    #expect(ModelFile.fault(in: folder.url) != nil)
    #expect(ModelFile.fault(in: folder.file("nothing")) != nil)
    mkfifo(folder.file("pipe").path, 0o600)
    #expect(ModelFile.fault(in: folder.file("pipe")) == "it is not an ordinary file")
  }
}

@Suite struct `A digest` {
  @Test func `of what can't be read is not called missing`() {
    let folder = FileManager.default.temporaryDirectory
    let unreadable = #expect(throws: ModelError.self) { try Digest.sha256(of: folder) }
    #expect(unreadable?.description == "\(folder.path) can't be read: Is a directory.")
    let missing = #expect(throws: ModelError.self) { try Digest.sha256(of: folder.appending(path: "no/such/file")) }
    #expect(missing?.code == "file-not-found")
  }
}
