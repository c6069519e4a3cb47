import Foundation
import Testing

@testable import TandemModels

@Suite struct `The store of models` {
  let folder: TemporaryFolder
  let hub: TemporaryFolder
  let content = sample(20_000)

  init() throws {
    folder = try TemporaryFolder()
    hub = try TemporaryFolder()
  }

  private func store(_ environment: [String: String] = [:]) -> ModelStore {
    let own = ["TANDEM_MODELS": folder.url.path, "HF_HOME": hub.url.path]
    var store = ModelStore(environment: own.merging(environment) { $1 })
    store.patience.attempts = 2
    store.patience.firstDelay = .milliseconds(1)
    return store
  }

  @Test func `lies where the environment says`() {
    func path(_ environment: [String: String]) -> String { ModelStore(environment: environment).folder.path }
    #expect(path(["TANDEM_MODELS": "/models", "XDG_CACHE_HOME": "/cache", "HOME": "/home/a"]) == "/models")
    #expect(path(["TANDEM_MODELS": "", "XDG_CACHE_HOME": "/cache", "HOME": "/home/a"]) == "/cache/tandem/models")
    #if os(Linux)
    #expect(path(["HOME": "/home/a"]) == "/home/a/.cache/tandem/models")
    #endif
  }

  @Test func `knows the built-in models without having fetched anything`() throws {
    let url = try store().url(of: .catalogue("nano-small"))
    #expect(try Data(contentsOf: url).prefix(4) == Data("GGUF".utf8))
    #expect(try store().info(.catalogue("nano-small")).state == .builtIn)
    #expect(throws: ModelError.builtIn(name: "nano-small")) { try store().remove(.catalogue("nano-small")) }
    for entry in Catalogue.entries {
      guard case .builtIn(let resource) = entry.source else { continue }
      #expect(ModelStore.size(try NanoResources.url(of: resource)) == entry.bytes)
    }
  }

  @Test func `says how to get what is not here`() {
    let error = #expect(throws: ModelError.self) { try store().url(of: .catalogue("smollm2-135m")) }
    #expect(error == .notInstalled(name: "smollm2-135m"))
    #expect("\(error as Any)".contains("tandem models pull smollm2-135m"))
    let path = #expect(throws: ModelError.self) { try store().url(of: .file(path: "Qwen/Qwen3-8B-GGUF/x.gguf")) }
    #expect("\(path as Any)".contains("hf:Qwen/Qwen3-8B-GGUF/x.gguf"))
  }

  @Test func `lists what is known, what is here, and what is half here`() throws {
    try content.write(to: folder.file("SmolLM2-135M-Instruct.Q4_0.gguf"))
    try content.write(to: folder.file("mine.gguf"))
    let hub = folder.file("hf/a/b/main")
    try FileManager.default.createDirectory(at: hub, withIntermediateDirectories: true)
    try content.write(to: hub.appending(path: "c.gguf"))
    try content.prefix(99).write(to: hub.appending(path: "d.gguf.partial"))
    let models = store().models()
    let known = Catalogue.names.count
    #expect(models.map(\.name).prefix(known) == Catalogue.names[...])
    #expect(models.map(\.name).dropFirst(known) == ["hf:a/b/c.gguf", "hf:a/b/d.gguf", folder.file("mine.gguf").path])
    #expect(models.filter(\.isInstalled).map(\.name).count == 8)
    #expect(models[known + 1].state == .partial(bytes: 99))
    #expect(models.first { $0.name == "smollm2-135m-q4_0" }?.bytes == 20_000)
    #expect(models.first { $0.name == "gemma-3-270m" }?.licence == "Gemma Terms of Use")
  }

  @Test func `removes a model with all that belongs to it, and nothing else`() throws {
    let names = ["gemma-3-270m-q4_k_m.gguf", "gemma-3-270m.GEMMA_TERMS.html", "gemma-3-270m.NOTICE.md", "mine.gguf"]
    for name in names { try content.write(to: folder.file(name)) }
    #expect(try store().remove(.catalogue("gemma-3-270m")) == 60_000)
    #expect(folder.names == ["mine.gguf"])
    #expect(throws: ModelError.notInstalled(name: "gemma-3-270m")) { try store().remove(.catalogue("gemma-3-270m")) }
    let elsewhere = try TemporaryFolder()
    try content.write(to: elsewhere.file("x.gguf"))
    let error = #expect(throws: ModelError.self) {
      try store().remove(.file(path: elsewhere.file("x.gguf").path))
    }
    #expect(error?.code == "not-in-store")
    #expect(try store().remove(.file(path: folder.file("mine.gguf").path)) == 20_000)
    #expect(folder.names.isEmpty)
  }

  @Test func `pulls from Hugging Face with the endpoint and the token of the environment`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    let reference = try ModelReference(parsing: "hf:a/b/c.gguf@v1")
    let store = store(["HF_ENDPOINT": server.url("/").absoluteString, "HF_TOKEN": "secret"])
    let pulled = try await store.pull(reference, sha256: sha256(content))
    #expect(pulled.verification == .pinned)
    #expect(!pulled.wasInstalled)
    #expect(try store.url(of: reference) == pulled.url)
    #expect(server.requests.map(\.path) == ["/a/b/resolve/v1/c.gguf", "/a/b/resolve/v1/c.gguf"])
    #expect(server.requests.map(\.method) == ["HEAD", "GET"])
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer secret", "Bearer secret"])
    #expect(try await store.pull(reference).wasInstalled)
    #expect(server.requests.count == 2)
    let other = String(repeating: "0", count: 64)
    #expect(await modelError { _ = try await store.pull(reference, sha256: other) }?.code == "installed-differs")
  }

  @Test func `pulls every file of a split model`() async throws {
    let server = try TestServer { [content] request, _ in .file(content, request) }
    let reference = try ModelReference(parsing: "hf:a/b/c-00001-of-00002.gguf")
    let store = store(["HF_ENDPOINT": server.url("").absoluteString])
    let pulled = try await store.pull(reference)
    #expect(pulled.bytes == 40_000)
    #expect(pulled.url.lastPathComponent == "c-00001-of-00002.gguf")
    #expect(server.requests.filter { $0.method == "GET" }.count == 2)
    #expect(store.models().map(\.name).dropFirst(Catalogue.names.count) == ["hf:a/b/c-00001-of-00002.gguf"])
    #expect(try store.remove(reference) == 40_000)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: ["huggingface.co", "ftp://x", "https://", "https://x?y", "https://x/#y"])
  func `an endpoint that is no address is an error`(_ endpoint: String) async throws {
    let reference = try ModelReference(parsing: "hf:a/b/c.gguf")
    let error = await modelError { _ = try await store(["HF_ENDPOINT": endpoint]).pull(reference) }
    #expect(error == .invalidEndpoint(text: String(endpoint.prefix { $0 != "?" })))
  }

  @Test(arguments: [
    "ftp://me:secret@x", "me:secret@x", "https://me:sec ret@x", "https://me:se/cret@x:y", "https://me:secret@",
    "//me:secret@x", "https://?token=secret", "http://me:secret@127.0.0.1:1", "http://me:secret@127.0.0.1:99999",
  ])
  func `a password in the endpoint is not shown`(_ endpoint: String) async throws {
    let reference = try ModelReference(parsing: "hf:a/b/c.gguf")
    let error = await modelError { _ = try await store(["HF_ENDPOINT": endpoint]).pull(reference) }
    let text = "\(try #require(error)) \(try #require(error).code)"
    #expect(!text.contains("cret"), "\(text)")
  }

  @Test func `a digest that is none is an error`() async throws {
    let error = await modelError { _ = try await store().pull(.catalogue("nano-small"), sha256: "abc") }
    #expect(error?.code == "invalid-reference")
  }
}

@Suite struct `Removing from the store` {
  let folder: TemporaryFolder
  let content = sample(20_000)
  let store: ModelStore

  init() throws {
    folder = try TemporaryFolder()
    store = ModelStore(environment: ["TANDEM_MODELS": folder.file("models").path, "HF_HOME": folder.file("hf").path])
    for name in ["models/sub", "modelsX", "elsewhere"] { try PartialFile.makeFolder(folder.file(name)) }
  }

  private func remove(_ path: String) throws { try store.remove(.file(path: folder.file(path).path)) }

  @Test(arguments: [
    "modelsX/x.gguf", "models/link/x.gguf", "models/../elsewhere/x.gguf", "models/sub/../../modelsX/x.gguf",
    "elsewhere/x.gguf", "models/link/../elsewhere/x.gguf",
  ])
  func `a file outside stays, whatever way leads to it`(_ path: String) throws {
    try FileManager.default.createSymbolicLink(
      at: folder.file("models/link"), withDestinationURL: folder.file("elsewhere"))
    for name in ["modelsX/x.gguf", "elsewhere/x.gguf"] { try content.write(to: folder.file(name)) }
    #expect(throws: ModelError.self) { try remove(path) }
    #expect(folder.content("modelsX/x.gguf") == content && folder.content("elsewhere/x.gguf") == content)
  }

  @Test func `a linked folder protects the files of a reference and what a pull left as well`() throws {
    try PartialFile.makeFolder(folder.file("models/hf"))
    try FileManager.default.createSymbolicLink(
      at: folder.file("models/hf/a"), withDestinationURL: folder.file("elsewhere"))
    try PartialFile.makeFolder(folder.file("elsewhere/b/main"))
    for name in ["c.gguf", "d.gguf.partial"] { try content.write(to: folder.file("elsewhere/b/main/\(name)")) }
    for name in ["hf:a/b/c.gguf", "hf:a/b/d.gguf"] {
      let error = #expect(throws: ModelError.self) { try store.remove(ModelReference(parsing: name)) }
      #expect(error?.code == "not-in-store")
    }
    #expect(folder.content("elsewhere/b/main/c.gguf") == content)
  }

  @Test func `a link in the folder is removed, and what it leads to stays`() throws {
    try content.write(to: folder.file("elsewhere/x.gguf"))
    try FileManager.default.createSymbolicLink(
      at: folder.file("models/y.gguf"), withDestinationURL: folder.file("elsewhere/x.gguf"))
    try remove("models/y.gguf")
    #expect(folder.content("elsewhere/x.gguf") == content && folder.content("models/y.gguf") == nil)
  }

  @Test func `a folder that is itself reached by a link is no obstacle`() throws {
    try FileManager.default.createSymbolicLink(at: folder.file("way"), withDestinationURL: folder.file("models"))
    try content.write(to: folder.file("models/sub/x.gguf"))
    try remove("way/sub/x.gguf")
    #expect(!FileManager.default.fileExists(atPath: folder.file("models/sub").path))
    let linked = ModelStore(environment: ["TANDEM_MODELS": folder.file("way").path])
    try content.write(to: folder.file("models/x.gguf"))
    #expect(try linked.remove(.file(path: folder.file("way/x.gguf").path)) == 20_000)
  }
}

@Suite struct `Models in the store that are not whole` {
  let folder: TemporaryFolder
  let content = sample(20_000)
  let store: ModelStore

  init() throws {
    folder = try TemporaryFolder()
    let hub = folder.url.appendingPathExtension("hub")
    store = ModelStore(environment: ["TANDEM_MODELS": folder.url.path, "HF_HOME": hub.path])
  }

  private func path(_ name: String) -> ModelReference { .file(path: folder.file(name).path) }

  @Test(arguments: [Data(), Data("<html>".utf8), sample(20_000).prefix(19_999), sample(20_000).prefix(30)])
  func `a file that is no model is said to be none, by all that use it`(_ bytes: Data) async throws {
    let names = ["mine.gguf", "SmolLM2-135M-Instruct.Q4_0.gguf", "hf/a/b/main/c.gguf"]
    try PartialFile.makeFolder(folder.file("hf/a/b/main"))
    for name in names { try bytes.write(to: folder.file(name)) }
    let references = [path("mine.gguf"), .catalogue("smollm2-135m-q4_0"), try ModelReference(parsing: "hf:a/b/c.gguf")]
    for reference in references {
      let error = #expect(throws: ModelError.self) { try store.url(of: reference) }
      #expect(error?.code == "damaged")
      guard case .damaged = try store.info(reference).state else {
        Issue.record("\(reference)")
        continue
      }
    }
    #expect(store.models().filter { if case .damaged = $0.state { true } else { false } }.count == 3)
    for reference in references.dropFirst() {
      #expect(await modelError { _ = try await store.pull(reference) }?.code == "damaged")
    }
    for reference in references { try store.remove(reference) }
    #expect(folder.names.isEmpty)
  }

  @Test func `a model in several files is one, whichever is named`() throws {
    let names = (1...3).map { "m-0000\($0)-of-00003.gguf" }
    for name in names { try content.write(to: folder.file(name)) }
    for name in names { #expect(try store.url(of: path(name)).lastPathComponent == names[0]) }
    #expect(try store.info(path(names[1])).bytes == 60_000)
    #expect(store.models().dropFirst(Catalogue.names.count).map(\.name) == [folder.file(names[0]).path])

    try FileManager.default.removeItem(at: folder.file(names[0]))
    let error = #expect(throws: ModelError.self) { try store.url(of: path(names[1])) }
    #expect(error == .incomplete(name: folder.file(names[1]).path, missing: [names[0]]))
    let listed = try #require(store.models().dropFirst(Catalogue.names.count).first)
    #expect(store.models().count == Catalogue.names.count + 1)
    guard case .damaged(let reason) = listed.state else { throw CocoaError(.featureUnsupported) }
    #expect(reason.contains(names[0]))
    #expect(try store.remove(path(names[2])) == 40_000)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: ["m-00004-of-00003.gguf", "m-00000-of-00002.gguf", "m-00001-of-00001.gguf", "m-1-of-2.gguf"])
  func `a name that only looks like one of several is one file`(_ name: String) throws {
    try content.write(to: folder.file(name))
    #expect(try store.url(of: path(name)).lastPathComponent == name)
  }
}

@Suite struct `Tandem's own files` {
  @Test func `are found in TANDEM_RESOURCES, beside the program, and beside what a link leads to`() throws {
    let folder = try TemporaryFolder()
    let manager = FileManager.default
    let beside = folder.file("bin/tandem_TandemModels.resources/Nano")
    for path in [beside, folder.file("given"), folder.file("usr")] {
      try manager.createDirectory(at: path, withIntermediateDirectories: true)
    }
    try Data("beside".utf8).write(to: beside.appending(path: "x"))
    try Data("given".utf8).write(to: folder.file("given/x"))
    try Data().write(to: folder.file("bin/tandem"))
    try manager.createSymbolicLink(at: folder.file("usr/tandem"), withDestinationURL: folder.file("bin/tandem"))
    func find(_ program: String, _ environment: [String: String] = [:]) throws -> String {
      let url = try NanoResources.url(of: "x", environment: environment, program: folder.file(program))
      return try String(contentsOf: url, encoding: .utf8)
    }
    #expect(try find("bin/tandem") == "beside")
    #expect(try find("usr/tandem") == "beside")
    #expect(try find("bin/tandem", ["TANDEM_RESOURCES": folder.file("given").path]) == "given")
  }

  @Test func `are found in the checkout, if the program lies elsewhere`() throws {
    _ = try NanoResources.url(of: "nano-small.gguf", environment: [:], program: nil)
  }

  @Test func `are an error that names the places when they are nowhere`() throws {
    let error = #expect(throws: ModelError.self) {
      try NanoResources.url(of: "no-such-file", environment: ["TANDEM_RESOURCES": "/given"], program: nil)
    }
    #expect(error?.code == "resource-missing")
    #expect("\(error as Any)".contains("/given/Nano"))
  }
}
