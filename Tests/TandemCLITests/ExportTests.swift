import Foundation
import Testing

@Suite struct `tandem models export` {
  private static let files = [
    "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
  ]

  @Test func `writes a folder, and only once`() throws {
    try Tool.withTemporaryFile("nano") { folder in
      let tool = try Tool.run("models", "export", "nano-small", "--to", "hf", "--output", folder)
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(tool.output == "\(folder), 576 KB\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == Self.files)
      let again = try Tool.run("models", "export", "nano-small", "--to", "hf", "--output", folder)
      #expect(again.status == 1)
      #expect(again.errors.contains("\(folder) can't be written: Directory not empty."), "\(again.errors)")
    }
  }

  @Test func `leaves nothing on a full disk`() throws {
    try Tool.withTemporaryFile("nano") { folder in
      let command = "trap '' XFSZ; ulimit -f 300; exec \"$0\" models export nano-large --to hf --output \"$1\""
      let program = try #require(Tool.program("tandem"))
      let tool = try Tool.run(URL(filePath: "/bin/bash"), ["-c", command, program.path, folder])
      #expect(tool.status == 1)
      #expect(tool.errors.contains("can't be written: File too large."), "\(tool.errors)")
      let parent = URL(filePath: folder).deletingLastPathComponent().path
      #expect(try FileManager.default.contentsOfDirectory(atPath: parent).isEmpty)
    }
  }

  @Test(arguments: [
    (["nano-smal", "--to", "hf"], 64, "Did you mean nano-small?"),
    (["nano-small", "--to", "onnx"], 64, "hf"), (["nano-small"], 64, "--to"),
    (["none.gguf", "--to", "hf"], 66, "There is no file at"),
    (["nano-small", "--to", "hf", "--base", "nano-large"], 65, "has no base"),
    (["nano-small-draft", "--to", "hf", "--base", "nano-large"], 65, "does not fit nano-large"),
  ])
  func `says what is wrong`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try Tool.withTemporaryFile("out") { folder in
      let tool = try Tool.run(list: ["models", "export", "--output", folder] + arguments)
      #expect(tool.status == status)
      #expect(tool.errors.contains(words), "\(tool.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}

@Suite struct `A paper's plan` {
  @Test func `says what it takes without a server, and its report has columns to fill`() throws {
    let recipe = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../recipes/st-r1-1.5b-32b.yaml").standardizedFileURL.path
    let tool = try Tool.run("evaluate", "--plan", recipe, "--dry-run")
    #expect(tool.status == 0, "\(tool.errors)")
    #expect(tool.output.contains("2484 runs, 16228992 tokens in 3h 9m at the paper's lengths; all of it costs 18.86."))
    let report = try Tool.run("report", "--paper", "speculative-thinking", "--format", "markdown")
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("| R1-1.5B + R1-32B | 89.4 |  | 4582.8 |  | 19.0 |  |  |"))
    #expect(try Tool.run("report", "--paper", "scot", "--baseline", "x").status == 64)
    #expect(try Tool.run("report", "--paper", "none").errors.contains("Known: speculative-thinking, scot, tldr"))
  }
}
