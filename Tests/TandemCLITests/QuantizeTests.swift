import Foundation
import Testing

@Suite struct `tandem models quantize` {
  @Test func `writes a smaller model that runs`() throws {
    try Tool.withTemporaryFile("small.gguf") { file in
      let tool = try Tool.run("models", "quantize", "nano-small", "--type", "q8_0", "--output", file)
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
      let solved = try Tool.run(
        "solve", "--small", file, "--strategy", "small-only", "--ctx-size", "512", "-q", "Use 3, 7, 5, 2 to make 24.")
      #expect(solved.status == 0 && !solved.output.isEmpty, "\(solved.errors)")
      #expect(try Tool.run("models", "quantize", "nano-small", "--type", "q8_0", "--output", file).status == 64)
    }
  }

  @Test func `says where it can't write, and does not blame the model`() throws {
    try Tool.withTemporaryFile("no/such/small.gguf") { file in
      let tool = try Tool.run("models", "quantize", "nano-small", "--type", "q8_0", "--output", file)
      #expect(tool.status == 1)
      #expect(tool.errors.contains("\(file) can't be written: No such file or directory."), "\(tool.errors)")
    }
  }

  @Test(arguments: [(["nano-smal", "--type", "q8_0"], "nano-small"), (["nano-small", "--type", "q8"], "q8_0")])
  func `says what is wrong`(_ arguments: [String], _ words: String) throws {
    try Tool.withTemporaryFile("small.gguf") { file in
      let tool = try Tool.run(list: ["models", "quantize", "--output", file] + arguments)
      #expect(tool.status != 0)
      #expect(tool.errors.contains(words), "\(tool.errors)")
    }
  }
}
