import Foundation
import Testing

@testable import TandemModels

@Suite struct `Naming a model` {
  @Test func `a known name, a file on Hugging Face and a path are told apart`() throws {
    #expect(try ModelReference(parsing: "nano-small") == .catalogue("nano-small"))
    #expect(try ModelReference(parsing: "models/x.gguf") == .file(path: "models/x.gguf"))
    #expect(try ModelReference(parsing: "x.GGUF") == .file(path: "x.GGUF"))
    let file = try HuggingFaceFile(owner: "Qwen", repository: "Qwen3-8B-GGUF", path: "Q4/Qwen3-8B-Q4_K_M.gguf")
    #expect(try ModelReference(parsing: "hf:Qwen/Qwen3-8B-GGUF/Q4/Qwen3-8B-Q4_K_M.gguf") == .huggingFace(file))
  }

  @Test func `every reference is written as it is read`() throws {
    for text in ["nano-large", "./x.gguf", "hf:a/b/c.gguf", "hf:a/b/d/c.gguf@refs/pr/1", "hf:a/b/c.gguf@0f3a"] {
      let reference = try ModelReference(parsing: text)
      #expect(reference.description == text)
      let json = try JSONEncoder().encode([reference])
      #expect(try JSONDecoder().decode([ModelReference].self, from: json) == [reference])
    }
  }

  @Test(arguments: [
    "hf:", "hf:owner", "hf:owner/repo", "hf:owner/repo/file.bin", "hf:owner/repo/../../x.gguf", "hf:../repo/x.gguf",
    "hf:owner/repo//x.gguf", "hf:owner/repo/x.gguf@", "hf:owner/repo/x.gguf@../..", "hf:owner/repo/.hidden.gguf",
    "hf:o wner/repo/x.gguf", "hf:owner/repo/x y.gguf", "hf:owner/repo/x.gguf?a=b",
  ])
  func `what could lead elsewhere is refused`(_ text: String) {
    #expect(throws: ModelError.self) { try ModelReference(parsing: text) }
  }

  @Test(arguments: [
    ("nano-smal", "nano-small"), ("nanolarge", "nano-large"), ("smollm2-135m-q8", "smollm2-135m-q8_0"),
    ("Gemma-3-270M", "gemma-3-270m"), ("smol", "smollm2-135m"),
  ])
  func `an unknown name is answered with the nearest one`(_ name: String, _ nearest: String) {
    #expect(throws: ModelError.unknownModel(name: name, nearest: nearest)) { try ModelReference(parsing: name) }
  }

  @Test func `a name like no other is answered with how to see all`() {
    let error = #expect(throws: ModelError.self) { try ModelReference(parsing: "gpt-oss") }
    #expect(error == .unknownModel(name: "gpt-oss", nearest: nil))
    #expect("\(error as Any)".contains("tandem models list"))
  }

  @Test func `the address of a file has its revision escaped`() throws {
    let file = try HuggingFaceFile(parsing: "hf:a/b/c.gguf@refs/pr/1")
    let endpoint = try #require(URL(string: "https://mirror.example/hf/"))
    let url = try file.url(endpoint: endpoint)
    #expect(url.absoluteString == "https://mirror.example/hf/a/b/resolve/refs%2Fpr%2F1/c.gguf")
    #expect(file.relativePath == "hf/a/b/refs%2Fpr%2F1/c.gguf")
  }

  @Test func `names that differ only in capitals lie apart on every disk`() throws {
    let names = [
      "hf:a/b/c.gguf", "hf:A/b/c.gguf", "hf:a/B/c.gguf", "hf:a/b/C.gguf", "hf:a/b/c.gguf@V1", "hf:a/b/c.gguf@v1",
    ]
    let files = try names.map { try HuggingFaceFile(parsing: $0) }
    #expect(Set(files.map { $0.relativePath.lowercased() }).count == names.count)
    for file in files {
      #expect(HuggingFaceFile(relativePath: file.relativePath) == file)
      #expect(HuggingFaceFile(relativePath: file.formerRelativePath) == file)
    }
  }

  @Test(arguments: [
    "https://huggingface.co/a/b/resolve/main/d/c.gguf", "https://huggingface.co/a/b/blob/main/d/c.gguf",
    "https://hf.co/a/b/resolve/main/d/c.gguf?download=true", "huggingface.co/a/b/blob/main/d/c.gguf#L1",
    "http://www.huggingface.co/a/b/resolve/main/d%2Fc.gguf",
  ])
  func `the address of a file's page names the file`(_ address: String) throws {
    #expect(try ModelReference(parsing: address).description == "hf:a/b/d/c.gguf")
    let other = try ModelReference(parsing: address.replacing("main", with: "refs%2Fpr%2F1"))
    #expect(other.description == "hf:a/b/d/c.gguf@refs/pr/1")
  }

  @Test(arguments: [
    "https://huggingface.co/a/b", "https://example.org/a/b/resolve/main/c.gguf", "https://me:secret@hf.co/a/b.gguf",
    "https://huggingface.co/a/b/resolve/main/../../c.gguf", "http://huggingface.co/a/b/resolve/main/c.bin?token=secret",
  ])
  func `another address is answered with the form of a name, and without its password`(_ address: String) {
    let error = #expect(throws: ModelError.self) { try ModelReference(parsing: address) }
    #expect(error?.code == "invalid-reference")
    #expect(!"\(error as Any)".contains("secret"))
  }

  @Test(arguments: ["http://host:8000/v1#r1-32b", "https://host", "http://10.0.0.1:8000/v1/", "http://h/proxy/v1#m"])
  func `the address of a server names a model that has no file`(_ address: String) throws {
    let reference = try ModelReference(parsing: address)
    #expect(reference == .server(address: address) && reference.description == address)
    #expect(throws: ModelError.onServer(address: address)) { try ModelStore().url(of: reference) }
    #expect(throws: ModelError.onServer(address: address)) { try ModelStore().remove(reference) }
  }

  @Test(arguments: [97, 300, 10_000, 100_000])
  func `a name that is too long for a disk is refused`(_ length: Int) {
    let long = String(repeating: "x", count: length)
    for name in ["hf:\(long)/b/c.gguf", "hf:a/\(long)/c.gguf", "hf:a/b/\(long)\(long)\(long).gguf", "hf:\(long)"] {
      let error = #expect(throws: ModelError.self) { try ModelReference(parsing: name) }
      #expect(error?.code == "invalid-reference" && "\(error as Any)".count < 600)
    }
    let deep = "hf:a/b/" + String(repeating: "x/", count: length) + "c.gguf@" + long
    let error = #expect(throws: ModelError.self) { try ModelReference(parsing: deep + long + long) }
    #expect(error?.code == "invalid-reference")
  }

  @Test func `a model in several files is known by its first one`() throws {
    let file = try HuggingFaceFile(parsing: "hf:a/b/c-00001-of-00003.gguf@v1")
    #expect(file.parts.map(\.path) == ["c-00001-of-00003.gguf", "c-00002-of-00003.gguf", "c-00003-of-00003.gguf"])
    #expect(file.parts.allSatisfy { $0.revision == "v1" })
    #expect(try HuggingFaceFile(parsing: "hf:a/b/c.gguf").parts.count == 1)
  }
}
