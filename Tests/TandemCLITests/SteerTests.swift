import Foundation
import Testing

@Suite struct `tandem steer` {
  private func evaluate(into folder: String) throws -> [String] {
    let evaluation = try Tool.run(
      "evaluate", "--task", "countdown", "--problems", "8", "--strategy", "small-only", "--small", "nano-small",
      "--reasoning-budget", "300", "--predict", "40", "--ctx-size", "512", "--output", folder)
    #expect(evaluation.status == 0, "\(evaluation.errors)")
    let traces = folder + "/traces/countdown/small-only"
    return try FileManager.default.contentsOfDirectory(atPath: traces).sorted().map { "\(traces)/\($0)" }
  }

  @Test func `makes a vector that changes the thinking`() throws {
    try Tool.withTemporaryFile("steering") { folder in
      let traces = try evaluate(into: folder)
      let vector = folder + "/steering.gguf"
      let made = try Tool.run(
        list: ["steer", "--model", "nano-small", "--layer", "1", "--output", vector] + traces)
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.contains(/execution [1-9]\d*, reflection \d+, transition \d+/), "\(made.output)")
      #expect(!FileManager.default.fileExists(atPath: vector + ".partial"))
      func thinking(_ arguments: String...) throws -> String {
        let tool = try Tool.run(
          list: ["solve", "--strategy", "small-only", "--format", "json", "Use 3, 7, 5, 2 to make 24."] + arguments)
        #expect(tool.status == 0, "\(tool.errors)")
        let tree = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any]
        return (tree?["thinking"] as? String) ?? ""
      }
      let plain = try thinking()
      #expect(try thinking("--small-control-vector", "\(vector):-2") != plain)
      #expect(try thinking("--small-control-vector", "\(vector):0") == plain)
    }
  }

  @Test func `says what is wrong, and leaves no file`() throws {
    try Tool.withTemporaryFile("steering") { folder in
      let traces = try evaluate(into: folder)
      let vector = folder + "/steering.gguf"
      let short = folder + "/short.jsonl"
      let header = try String(contentsOfFile: traces[0], encoding: .utf8).split(separator: "\n")[0]
      try (header + "\n").write(toFile: short, atomically: true, encoding: .utf8)
      let bad: [(arguments: [String], status: Int32, words: String)] = [
        (["--layer", "1"], 64, "There are no traces"),
        (["--layer", "0", traces[0]], 64, "from 1 to 1"),
        (["--layer", "2", traces[0]], 64, "from 1 to 1"),
        (["--layer", "1", "--limit", "0", traces[0]], 64, "--limit"),
        (["--layer", "1", folder + "/none.jsonl"], 66, "There is no file at"),
        (["--layer", "1", short], 65, "no thought of execution"),
      ]
      for (arguments, status, words) in bad {
        let tool = try Tool.run(list: ["steer", "--model", "nano-small", "--output", vector] + arguments)
        #expect(tool.status == status, "\(tool.errors)")
        #expect(tool.errors.contains(words), "\(tool.errors)")
      }
      let tool = try Tool.run(
        "steer", "--model", "nano-small", "--layer", "1", "--output", folder + "/no/such/v.gguf", traces[0])
      #expect(tool.status == 1 && tool.errors.contains("v.gguf"), "\(tool.errors)")
      #expect(!FileManager.default.fileExists(atPath: vector))
      #expect(!FileManager.default.fileExists(atPath: vector + ".partial"))
    }
  }
}
