import Foundation
import Testing

@Suite struct `tandem trace stats of several runs` {
  @Test func `sums up lengths by outcome and the odds of their stops`() throws {
    try Tool.withTemporaryFile("run") { run in
      let evaluation = try Tool.run(
        "evaluate", "--task", "countdown", "--problems", "8", "--strategy", "small-only", "--small", "nano-small",
        "--reasoning-budget", "300", "--predict", "40", "--ctx-size", "512", "--output", run)
      #expect(evaluation.status == 0, "\(evaluation.errors)")
      let folder = run + "/traces/countdown/small-only"
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
      let tool = try Tool.run(list: ["trace", "stats", "--summary"] + files)
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(tool.output.contains("among the five likeliest at"))
      #expect(tool.output.contains("logit is below 0"))
      #expect(tool.output.contains("repeated"))
      #expect(!tool.output.contains("finish:"))
    }
  }
}

@Suite struct `How each model is used` {
  @Test(arguments: [
    (["--small-lora", "missing.gguf"], Int32(66), "missing.gguf"),
    (["--stop-measure", "paper"], 64, "has no effect"),
    (["--guide-alpha", "1"], 64, "has no effect"),
    (["--large-guide", "nano-small-tldr"], 64, "--large-guide and --large-guide-base go together"),
    (["--large-guide", "missing.gguf", "--large-guide-base", "nano-small"], 66, "missing.gguf"),
    (["--small-stop-temp", "0"], 64, "above 0"),
    (["--landing-tokens=-1"], 64, "must be from 0"),
  ])
  func `is checked before anything is written`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let tool = try Tool.run(list: ["solve", "Use 3, 7, 5, 2 to make 24."] + arguments)
    #expect(tool.status == status, "\(tool.errors)")
    #expect(tool.errors.contains(words), "\(tool.errors)")
  }

  @Test func `changes what is written`() throws {
    func thinking(_ arguments: String...) throws -> Int {
      let tool = try Tool.run(
        list: ["solve", "--strategy", "small-only", "--format", "json", "Use 3, 7, 5, 2 to make 24."] + arguments)
      #expect(tool.status == 0, "\(tool.errors)")
      let tree = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any]
      return ((tree?["thinking"] as? String) ?? "").count
    }
    #expect(try thinking("--small-stop-temp", "0.001", "--stop-measure", "log-odds") < thinking())
  }
}

/// ThinkLogit with the nano pair, whose small model has the large one's vocabulary before and after TLDR.
@Suite struct `A guide of the large model` {
  private let guide = ["--large-guide", "nano-small-tldr", "--large-guide-base", "nano-small", "--guide-alpha"]

  @Test func `changes what is written, and nothing with an alpha of 0`() throws {
    func thinking(_ arguments: [String] = []) throws -> String {
      let tool = try Tool.run(
        list: ["solve", "--strategy", "large-only", "--format", "json", "Use 3, 7, 5, 2 to make 24."] + arguments)
      #expect(tool.status == 0, "\(tool.errors)")
      let tree = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any]
      return (tree?["thinking"] as? String) ?? ""
    }
    let alone = try thinking()
    #expect(!alone.isEmpty)
    #expect(try thinking(guide + ["0"]) == alone)
    #expect(try thinking(guide + ["3"]) != alone)
  }

  @Test func `may be in rows of a plan`() throws {
    let rows = [0, 1].map {
      """
        - strategy: large-only
          label: alpha \($0)
          large: {guide: nano-small-tldr, guideBase: nano-small, guideAlpha: \($0)}
      """
    }
    let text = """
      preset: nano
      tasks: [{name: countdown, problems: 2}]
      strategies:
        - large-only
      \(rows.joined(separator: "\n"))
      """
    try Tool.withTemporaryFile("plan.yaml") { plan in
      try text.write(toFile: plan, atomically: true, encoding: .utf8)
      try Tool.withTemporaryFile("run") { run in
        let tool = try Tool.run("evaluate", "--plan", plan, "--output", run)
        #expect(tool.status == 0, "\(tool.errors)")
        let lines = try String(contentsOfFile: run + "/records.jsonl", encoding: .utf8).split(separator: "\n")
        let records = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
        func sum(_ key: String, _ row: String) -> Double {
          records.filter { $0["row"] as? String == row }.reduce(0) { $0 + ($1[key] as? Double ?? 0) }
        }
        #expect(records.count == 6)
        for key in ["thinkingTokens", "operations"] { #expect(sum(key, "alpha 0") == sum(key, "large-only")) }
        #expect(sum("operations", "alpha 1") / sum("thinkingTokens", "alpha 1") > 0)
      }
      try text.replacing("guideBase: nano-small, ", with: "").write(toFile: plan, atomically: true, encoding: .utf8)
      let tool = try Tool.run("evaluate", "--plan", plan, "--output", "never")
      #expect(tool.status == 65 && tool.errors.contains("guide needs its base"), "\(tool.errors)")
    }
  }
}

@Suite struct `A model file with a fault` {
  @Test func `is used with a warning, once`() throws {
    try Tool.withTemporaryFile("model.gguf") { path in
      let info = try Tool.run("models", "info", "nano-small").output
      let original = try #require(info.firstMatch(of: /(?m)^file +(.+)$/)?.1)
      var bytes = try Data(contentsOf: URL(filePath: String(original)))
      let key = try #require(bytes.firstRange(of: Data("tokenizer.ggml.pre".utf8)))
      bytes[key.upperBound - 1] = UInt8(ascii: "x")
      try bytes.write(to: URL(filePath: path))
      let tool = try Tool.run(
        "solve", "--quiet", "--strategy", "speculative-thinking", "--small", path, "--large", path,
        "Use 3, 7, 5, 2 to make 24.")
      #expect(tool.status == 0)
      let warning = "Warning: \(path): The file names no pre-tokenizer (tokenizer.ggml.pre)"
      #expect(tool.errors.ranges(of: warning).count == 1, "\(tool.errors)")
      #expect(!tool.output.contains("Warning"))
      try Tool.withTemporaryFile("drafts.jsonl") { drafts in
        let trained = try Tool.run(
          "train", "scot-data", "--model", path, "--problems", "1", "--reasoning-budget", "8", "--predict", "4",
          "--output", drafts)
        #expect(trained.status == 0)
        #expect(trained.errors.ranges(of: warning).count == 1, "\(trained.errors)")
      }
    }
  }
}

@Suite struct `The value of a setting` {
  @Test func `may be text with a colon, or nothing`() throws {
    let tool = try Tool.run(
      "solve", "--strategy", "spec-reason", "--set", "beginning=Score:", "--set", "question=", "--trace", "/dev/stdout",
      "--quiet", "Use 3, 7, 5, 2 to make 24.")
    #expect(tool.status == 0, "\(tool.errors)")
    #expect(tool.output.contains(#""beginning":"Score:""#) && tool.output.contains(#""question":"""#))
  }
}
