import Foundation
import Testing

@testable import TandemModels

/// A hub with files, as Hugging Face answers for large ones: a redirect that names the commit and the digest.
struct Hub: Sendable {
  var files: [String: Data]
  var commit = String(repeating: "c0ffee11", count: 5)
  /// A hub answers without a redirect for small files.
  var redirects = true

  func answer(_ request: TestServer.Request) -> [TestServer.Step] {
    let name = request.path.split(separator: "/", maxSplits: 4).last.map(String.init) ?? ""
    guard let content = files[name] else { return .answer("404 Not Found", ["X-Error-Code: EntryNotFound"]) }
    if request.path.hasPrefix("/blob/") { return .file(content, request) }
    let tags = ["X-Repo-Commit: \(commit)", "X-Linked-ETag: \"\(sha256(content))\"", "X-Linked-Size: \(content.count)"]
    if redirects { return .answer("302 Found", tags + ["Location: /blob/x/x/x/\(name)"]) }
    guard request.method == "HEAD" else { return .file(content, request) }
    return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(content.count)\r\n\(tags.joined(separator: "\r\n"))\r\n\r\n")]
  }
}

@Suite struct `The cache of Hugging Face` {
  let home: TemporaryFolder
  let content = sample(20_000)
  let commit = Hub(files: [:]).commit

  init() throws { home = try TemporaryFolder() }

  private func store(_ server: TestServer? = nil, _ environment: [String: String] = [:]) -> ModelStore {
    let own = ["TANDEM_MODELS": home.file("own").path, "HF_HOME": home.file("hf").path, "HOME": home.url.path]
    let endpoint = server.map { ["HF_ENDPOINT": $0.url("").absoluteString] } ?? ["HF_ENDPOINT": "http://127.0.0.1:1"]
    var store = ModelStore(environment: own.merging(endpoint) { $1 }.merging(environment) { $1 })
    store.patience.attempts = 2
    store.patience.firstDelay = .milliseconds(1)
    return store
  }

  private func serve(_ hub: Hub) throws -> TestServer { try TestServer { request, _ in hub.answer(request) } }

  private func reference(_ text: String) throws -> ModelReference { try ModelReference(parsing: text) }

  /// What the Python client leaves after `hf_hub_download`.
  private func place(_ path: String, _ content: Data, ref: String? = "main", commit: String? = nil) throws -> URL {
    let repository = home.file("hf/hub/models--a--b")
    let commit = commit ?? self.commit
    let blob = repository.appending(path: "blobs/\(sha256(content))")
    let link = repository.appending(path: "snapshots/\(commit)/\(path)")
    for folder in [blob, link, repository.appending(path: "refs/\(ref ?? "main")")] {
      try PartialFile.makeFolder(folder.deletingLastPathComponent())
    }
    try content.write(to: blob)
    let up = String(repeating: "../", count: path.split(separator: "/").count + 1)
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: "\(up)blobs/\(blob.lastPathComponent)")
    if let ref { try Data(commit.utf8).write(to: repository.appending(path: "refs/\(ref)")) }
    return link
  }

  @Test(arguments: [("c.gguf", "main", ""), ("Q4/c.gguf", "main", ""), ("c.gguf", "refs/pr/1", "@refs/pr/1")])
  func `a file that another client fetched is used where it lies`(
    _ path: String, _ ref: String, _ suffix: String
  ) async throws {
    let link = try place(path, content, ref: ref)
    let name = try reference("hf:a/b/\(path)\(suffix)")
    #expect(try store().url(of: name).path == link.path)
    #expect(try store().url(of: reference("hf:a/b/\(path)@\(commit)")).path == link.path)
    #expect(try await store().pull(name, sha256: sha256(content)).wasInstalled)
    #expect(store().models().map(\.reference).last == name)
    #expect(try store().info(name).bytes == 20_000)
    #expect(throws: ModelError.self) { try store().url(of: reference("hf:a/b/\(path)@other")) }
  }

  @Test(arguments: [true, false], [true, false])
  func `a pull leaves what the Python client would`(_ redirects: Bool, _ avoidsLinks: Bool) async throws {
    let server = try serve(Hub(files: ["c.gguf": content], redirects: redirects))
    let store = store(server, avoidsLinks ? ["HF_HUB_DISABLE_SYMLINKS": "1"] : [:])
    let pulled = try await store.pull(reference("hf:a/b/c.gguf"))
    let repository = home.file("hf/hub/models--a--b")
    let link = repository.appending(path: "snapshots/\(commit)/c.gguf")
    #expect(pulled.url.path == link.path && pulled.verification == .server && !pulled.wasInstalled)
    #expect(try Data(contentsOf: link) == content)
    #expect(try String(contentsOf: repository.appending(path: "refs/main"), encoding: .utf8) == commit)
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)
    #expect(target == (avoidsLinks ? nil : "../../blobs/\(sha256(content))"))
    let blobs = try FileManager.default.contentsOfDirectory(atPath: repository.path + "/blobs")
    #expect(blobs == (avoidsLinks ? [] : [sha256(content)]))
    #expect(home.names == ["hf"])
    #expect(try await store.pull(reference("hf:a/b/c.gguf")).wasInstalled)
    #expect(server.requests.map(\.method).filter { $0 == "HEAD" }.count == 1)
  }

  @Test func `contents that another revision has are not fetched again`() async throws {
    _ = try place("c.gguf", content, ref: "old", commit: String(repeating: "1", count: 40))
    let server = try serve(Hub(files: ["c.gguf": content]))
    let store = store(server)
    #expect(try await store.pull(reference("hf:a/b/c.gguf")).url.path.contains(commit))
    #expect(server.requests.map(\.method) == ["HEAD"])
    // Removed from one revision, the contents stay for the other; then they go with all that is left.
    #expect(try store.remove(reference("hf:a/b/c.gguf")) == 0)
    #expect(try store.url(of: reference("hf:a/b/c.gguf@old")).lastPathComponent == "c.gguf")
    #expect(home.content("hf/hub/models--a--b/refs/main") == nil)
    #expect(try store.remove(reference("hf:a/b/c.gguf@old")) == 20_000)
    #expect(home.content("hf/hub/models--a--b/blobs/\(sha256(content))") == nil)
    #expect(!FileManager.default.fileExists(atPath: home.file("hf/hub/models--a--b").path))
    #expect(throws: ModelError.notInstalled(name: "hf:a/b/c.gguf")) { try store.remove(reference("hf:a/b/c.gguf")) }
  }

  @Test func `all files of a model are of one commit`() async throws {
    let names = ["c-00001-of-00003.gguf", "c-00002-of-00003.gguf", "c-00003-of-00003.gguf"]
    let hub = Hub(files: [names[0]: content, names[1]: sample(10_000), names[2]: sample(9_000)])
    let server = try serve(hub)
    let store = store(server)
    let name = try reference("hf:a/b/\(names[0])")
    let pulled = try await store.pull(reference("hf:a/b/\(names[1])"))
    #expect(pulled.bytes == 39_000 && pulled.url.lastPathComponent == names[0])
    #expect(try store.info(name).bytes == 39_000)
    #expect(store.models().map(\.reference).dropFirst(Catalogue.names.count) == [name])
    try FileManager.default.removeItem(at: home.file("hf/hub/models--a--b/snapshots/\(commit)/\(names[1])"))
    #expect(throws: ModelError.incomplete(name: "\(name)", missing: [names[1]])) { try store.url(of: name) }
    #expect(try store.info(name).state == .partial(bytes: 29_000))
    #expect(try await store.pull(name).bytes == 39_000)
    #expect(try store.remove(name) == 39_000)
    #expect(store.models().count == Catalogue.names.count)

    let moving = try TestServer { request, number in
      var hub = hub
      hub.commit = String(repeating: "\(min(number, 4))", count: 40)
      return hub.answer(request)
    }
    #expect(await modelError { _ = try await self.store(moving).pull(name) }?.code == "unexpected-answer")
  }

  @Test func `a stopped pull is listed, resumed and removed`() async throws {
    let whole = Hub(files: ["c.gguf": content])
    let server = try TestServer { request, number in
      let answer = whole.answer(request)
      guard request.path.hasPrefix("/blob/"), number < 6, case .bytes(let body)? = answer.last else { return answer }
      return [answer[0], .bytes(body.prefix(5_000))]
    }
    let store = store(server)
    let name = try reference("hf:a/b/c.gguf@v1")
    #expect(await modelError { _ = try await store.pull(name) }?.code == "length-mismatch")
    #expect(try store.info(name).state == .partial(bytes: 10_000))
    #expect(store.models().map(\.reference).last == name)
    #expect(throws: ModelError.notInstalled(name: "hf:a/b/c.gguf")) { try store.remove(reference("hf:a/b/c.gguf")) }
    #expect(try await store.pull(name).resumed == 10_000)
    #expect(try store.info(name).state == .installed)
    try FileManager.default.removeItem(at: home.file("hf"))
    let stopped = try TestServer { request, _ in
      let answer = whole.answer(request)
      return request.path.hasPrefix("/blob/") ? [answer[0], .bytes(content.prefix(7_000))] : answer
    }
    _ = await modelError { _ = try await self.store(stopped).pull(name) }
    #expect(try store.remove(name) > 7_000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.file("hf/hub").path) == [".locks"])
  }

  @Test func `contents that differ from the digest that names them are not installed`() async throws {
    let hub = Hub(files: ["c.gguf": content])
    let server = try TestServer { request, _ in
      request.path.hasPrefix("/blob/") ? .file(sample(20_000, seed: 1), request) : hub.answer(request)
    }
    let error = await modelError { _ = try await store(server).pull(reference("hf:a/b/c.gguf")) }
    #expect(error?.code == "checksum-mismatch")
    #expect(store().models().count == Catalogue.names.count)
  }

  @Test func `an index that leads out of its folder is not followed`() async throws {
    _ = try place("c.gguf", content)
    for target in ["../../../../x", "..", "", "a/b", String(repeating: "a", count: 500)] {
      try Data(target.utf8).write(to: home.file("hf/hub/models--a--b/refs/main"))
      #expect(throws: ModelError.self) { try store().url(of: reference("hf:a/b/c.gguf")) }
    }
    let tags = [["X-Repo-Commit: ../../x"], ["X-Repo-Commit: \(commit)", "X-Linked-ETag: \"../../../x\""]]
    for tag in tags {
      let server = try TestServer { request, _ in
        request.method == "HEAD" ? .answer("302 Found", tag + ["Location: /x"]) : .file(content, request)
      }
      let pulled = try await store(server).pull(reference("hf:a/b/d.gguf"))
      #expect(pulled.url.path == home.file("own/hf/a/b/main/d.gguf").path)
      try store().remove(reference("hf:a/b/d.gguf"))
    }
  }

  @Test func `what an earlier version fetched is found in its place`() async throws {
    let old = home.file("own/hf/A/b/main/C.gguf")
    try PartialFile.makeFolder(old.deletingLastPathComponent())
    try content.write(to: old)
    #expect(try store().url(of: reference("hf:A/b/C.gguf")).path == old.path)
    #expect(try await store().pull(reference("hf:A/b/C.gguf")).wasInstalled)
    #expect(throws: ModelError.self) { try store().url(of: reference("hf:a/b/c.gguf")) }
    #expect(store().models().map(\.name).last == "hf:A/b/C.gguf")
    #expect(try store().remove(reference("hf:A/b/C.gguf")) == 20_000)
  }

  @Test(arguments: [
    (["HF_TOKEN": "one", "HF_TOKEN_PATH": "token-here"], "Bearer one"), (["HF_TOKEN_PATH": "token-here"], "Bearer two"),
    (["HF_TOKEN": " \n"], "Bearer three"), ([:], "Bearer three"), (["HUGGING_FACE_HUB_TOKEN": "four"], "Bearer four"),
    (["HF_HUB_DISABLE_IMPLICIT_TOKEN": "yes"], nil),
  ])
  func `the token is the one that the Python client would send`(
    _ environment: [String: String], _ header: String?
  ) async throws {
    try PartialFile.makeFolder(home.file("hf"))
    try Data("two\n".utf8).write(to: home.file("token-here"))
    try Data("three\n".utf8).write(to: home.file("hf/token"))
    let server = try serve(Hub(files: ["c.gguf": content], redirects: false))
    let environment = environment.mapValues { $0 == "token-here" ? home.file($0).path : $0 }
    _ = try await store(server, environment).pull(reference("hf:a/b/c.gguf"))
    #expect(server.requests.map { $0.headers["authorization"] } == [header, header])
  }

  @Test func `lies where the environment says`() {
    func path(_ environment: [String: String]) -> String { HubSettings(environment).cache.path }
    #expect(path(["HOME": "/home/a"]) == "/home/a/.cache/huggingface/hub")
    #expect(path(["HOME": "/home/a", "XDG_CACHE_HOME": "/c"]) == "/c/huggingface/hub")
    #expect(path(["HOME": "/home/a", "HF_HOME": "~/h", "XDG_CACHE_HOME": "/c"]) == "/home/a/h/hub")
    #expect(path(["HF_HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": ""]) == "/old")
    #expect(path(["HF_HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"]) == "/new")
  }

  @Test(arguments: ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
  func `asks no server when that is forbidden`(_ variable: String) async throws {
    let server = try serve(Hub(files: ["c.gguf": content]))
    let error = await modelError {
      _ = try await store(server, [variable: "1"]).pull(reference("hf:a/b/c.gguf"))
    }
    #expect(error == .offline(name: "hf:a/b/c.gguf"))
    #expect(server.requests.isEmpty)
  }

  @Test func `a busy hub is asked again, a missing file is said as such`() async throws {
    let hub = Hub(files: ["c.gguf": content])
    let server = try TestServer { request, number in
      number == 1 ? .answer("503 Service Unavailable") : hub.answer(request)
    }
    #expect(try await store(server).pull(reference("hf:a/b/c.gguf")).url.path.contains("snapshots"))
    let error = await modelError { _ = try await store(server).pull(reference("hf:a/b/d.gguf")) }
    #expect(error == .notFound(.file, file: "hf:a/b/d.gguf"))
    let down = try TestServer { _, _ in .answer("500 Internal Server Error") }
    #expect(await modelError { _ = try await store(down).pull(reference("hf:a/b/e.gguf")) }?.code == "server-failed")
  }

  @Test func `a second process waits for the first, and fetches nothing`() async throws {
    let hub = Hub(files: ["c.gguf": content])
    let server = try TestServer { request, _ in
      (request.path.hasPrefix("/blob/") ? [.pause(seconds: 0.2)] : []) + hub.answer(request)
    }
    let name = try reference("hf:a/b/c.gguf")
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 { group.addTask { try await store(server).pull(name).url } }
      for try await url in group { #expect(try Data(contentsOf: url) == content) }
    }
    #expect(server.requests.filter { $0.path.hasPrefix("/blob/") }.count == 1)
  }
}
