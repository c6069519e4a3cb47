import Foundation
import Testing

@Suite struct `tandem trace stats --embeddings` {
  /// Traces of a question that no program can check, so that all of them may be references.
  private func traces(_ strategy: String, in folder: String) throws -> [String] {
    try ["1", "2"].map { seed in
      let path = "\(folder)/\(strategy)-\(seed).jsonl"
      let tool = try Tool.run(
        "solve", "--strategy", strategy, "--seed", seed, "--reasoning-budget", "60", "--predict", "20", "--trace", path,
        "What is 3 + 7 - 5?")
      #expect(tool.status == 0, "\(tool.errors)")
      return path
    }
  }

  @Test func `compares the thinking with that of other traces of the same problem`() throws {
    try Tool.withTemporaryFile("traces") { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let (small, large) = (try traces("small-only", in: folder), try traces("large-only", in: folder))
      let command = ["trace", "stats", "--summary", "--embeddings", "nano-large"] + small
      let tool = try Tool.run(list: command + ["--format", "json", "--reference"] + large)
      #expect(tool.status == 0, "\(tool.errors)")
      let tree = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any]
      let problems = try #require(tree?["informationBias"] as? [[String: Any]])
      #expect(problems.count == 1)
      #expect(problems.first?["bias"] as? Double == 1)
      let dependence = try #require(problems.first?["dependence"] as? Double)
      #expect(dependence > 0 && dependence <= 1, "two chains can't depend more on two others")
      let same = try Tool.run(list: command + ["--reference"] + small)
      #expect(same.output.contains("information bias: one problem alone has none; dependence"), "\(same.output)")
      let few = try Tool.run(list: command + ["--reference", large[0]])
      #expect(few.output.contains("no problem has two traces on each side"), "\(few.output)")
    }
  }

  @Test(arguments: [
    (["--embeddings", "nano-small"], "must be given together"), (["--reference", "a.jsonl"], "must be given together"),
    (["--embeddings", "nano-small", "--format", "json", "--reference", "a.jsonl"], "--summary"),
  ])
  func `says what is missing`(_ arguments: [String], _ words: String) throws {
    let tool = try Tool.run(list: ["trace", "stats", "b.jsonl"] + arguments)
    #expect(tool.status == 64 && tool.errors.contains(words), "\(tool.errors)")
  }
}
