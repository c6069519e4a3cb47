import Foundation
import TandemEvaluation
import Testing

@Suite struct `tandem evaluate` {
  @Test(arguments: [
    (["--task", "countdwn"], Int32(64), "Did you mean 'countdown'?"),
    (["--task", "countdown", "--dry-run", "--no-traces"], 64, "no effect with --dry-run"),
    (["--task", "countdown", "--dry-run", "--format", "jsonl"], 64, "no effect with --dry-run"),
    (["--task", "aime24"], 66, "QwenLM/Qwen2.5-Math"),
    (["--task", "mine=missing.jsonl"], 66, "missing.jsonl"),
    (["--task", "countdown", "--problems", "1001"], 64, "has 1000 problems"),
    (["--task", "countdown", "--problems", "0"], 64, "not 0"),
    (["--task", "countdown", "--strategy", "smal-only"], 64, "Did you mean 'small-only'?"),
    (["--task", "countdown", "--strategy", "small-only", "--strategy", "small-only"], 64, "two rows"),
    (["--task", "countdown", "--set", "speculative-thinking.takeoverTokns=3"], 64, "Did you mean 'takeoverTokens'?"),
    (["--task", "countdown", "--set", "large-onl.x=3"], 64, "Did you mean 'large-only'?"),
    (["--task", "countdown", "--set", "x=3"], 64, "strategy.name=value"),
    (["--task", "countdown", "--set", "speculative-thinking.reflectionWords=[a"], 64, "Words can't be"),
    (["--task", "countdown", "--strategy", "early-exit", "--set", "early-exit.words=a"], 64, "words must be a list"),
    (["--task", "countdown", "--control", "speculative-thinkin"], 64, "Did you mean 'speculative-thinking'?"),
    (["--task", "countdown", "--prompt", "bar"], 64, "Did you mean 'bare'?"),
    (["--task", "countdown", "--extraction", "box"], 64, "Known: standard"),
    (["--task", "countdown", "--seeds", "1,x"], 64, "1,x"),
    (["--task", "countdown", "--seeds", "1,1"], 64, "seed twice"),
    (["--task", "countdown", "--seeds", "1,2", "--seed", "3"], 64, "leave one out"),
    (["--task", "countdown", "--parallel", "0"], 64, "from 1 to 64"),
    (["--task", "countdown", "--tokens-per-second", "9"], 64, "no effect without --dry-run"),
    (
      ["--task", "countdown", "--strategy", "no-thinking", "--set", "no-thinking.samples=80"], 64,
      "324 sequences of one model"
    ),
    (["--task", "countdown", "--preset", "nanno"], 64, "Did you mean nano?"),
    (["--task", "countdown", "--small", "nano-small"], 64, "needs a large model"),
    (["--task", "countdown", "--temp=-1"], 64, "--temp must be"),
    (["--plan", "missing.yaml"], 66, "missing.yaml"),
    ([], 64, "--task NAME"),
    (["--resume"], 66, "There is no run"),
  ])
  func `says what is wrong and what would be right`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try Tool.withTemporaryFile("run") { run in
      let tool = try Tool.run(list: ["evaluate", "--output", run] + arguments)
      #expect(tool.status == status, "\(tool.errors)")
      #expect(tool.errors.contains(words), "\(tool.errors)")
      #expect(!FileManager.default.fileExists(atPath: run))
    }
  }

  @Test(arguments: [
    ("tasks: [countdown]\nstrategis: [small-only]", "Did you mean 'strategies'?"),
    ("tasks: [{name: countdown, problem: 3}]", "Did you mean 'problems'?"),
    ("tasks: [countdown]\nlimits: {thinkingTokns: 3}", "Did you mean 'thinkingTokens'?"),
    ("tasks: [countdown]\nlimits: {thinkingTokens: many}", "limits.thinkingTokens must be a whole number"),
    ("tasks: [{path: x.jsonl}]", "tasks.1 has no 'name'"),
    ("tasks: [countdown", "is not YAML"), ("- countdown", "is not a plan"),
    ("tasks: [countdown]\nstrategies: [{strategy: random-takeover, matchShare: x}]", "no other row"),
  ])
  func `names what is wrong in a plan`(_ plan: String, _ words: String) throws {
    try Tool.withTemporaryFile("plan.yaml") { path in
      try plan.write(toFile: path, atomically: true, encoding: .utf8)
      let tool = try Tool.run("evaluate", "--plan", path, "--dry-run", "--tokens-per-second", "1")
      // A file that can't be read is bad input; a plan that can't be run is wrong usage.
      #expect(tool.status == (words == "no other row" ? 64 : 65))
      #expect(tool.errors.contains(words), "\(tool.errors)")
    }
  }

  @Test func `prints what would be run, and runs nothing`() throws {
    try Tool.withTemporaryFile("plan.yaml") { path in
      try """
      tasks: [{name: countdown, problems: 10}]
      strategies: [small-only, {strategy: random-takeover, label: lot, settings: {probability: 0.5}}]
      seeds: [1, 2]
      limits: {thinkingTokens: 90, answerTokens: 10}
      """.write(toFile: path, atomically: true, encoding: .utf8)
      let tool = try Tool.run(
        "evaluate", "--plan", path, "--dry-run", "--tokens-per-second", "100", "--output", path + "x")
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(tool.output.contains("40 runs, at most 4000 tokens in 40s"), "\(tool.output)")
      #expect(tool.output.contains("lot"))
      #expect(!FileManager.default.fileExists(atPath: path + "x"))
      let flags = try Tool.run(
        "evaluate", "--plan", path, "--seeds", "7", "--reasoning-budget", "40", "--dry-run", "--tokens-per-second", "10"
      )
      #expect(flags.output.contains("20 runs, at most 1000 tokens in 1m 40s"), "\(flags.output)")
    }
  }

  @Test func `runs, tells its progress, and refuses to run over it`() throws {
    try Tool.withTemporaryFile("run") { run in
      let arguments = ["evaluate", "--task", "countdown", "--problems", "3", "--output", run]
      let tool = try Tool.run(list: arguments)
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(tool.errors.contains("9/9") && !tool.errors.contains("\u{1B}"))
      #expect(tool.output.contains("speculative-thinking"))
      let records = try RunFolder(URL(filePath: run)).records()
      #expect(records.count == 9)
      let again = try Tool.run(list: arguments)
      #expect(again.status == 64 && again.errors.contains("--resume"))
      let other = try Tool.run(list: arguments + ["--resume", "--seeds", "5"])
      #expect(other.status == 64 && other.errors.contains("--seeds: plan.seeds.1 is 0 there"), "\(other.errors)")
      let changed = try Tool.run("evaluate", "--output", run, "--resume", "--temp", "0.1")
      #expect(changed.status == 64 && changed.errors.contains("--temp: plan.conditions."), "\(changed.errors)")
      let resumed = try Tool.run("evaluate", "--output", run, "--resume")
      #expect(resumed.status == 0)
      #expect(try RunFolder(URL(filePath: run)).records() == records)
      let shown = try Tool.run("trace", "show", "--script", run + "/" + (records[0].trace ?? ""))
      #expect(shown.status == 0)
    }
  }

  @Test func `prints events as JSON Lines`() throws {
    try Tool.withTemporaryFile("run") { run in
      let tool = try Tool.run(
        "evaluate", "--task", "countdown", "--problems", "2", "--strategy", "small-only", "--format", "jsonl",
        "--output", run)
      let events = try tool.output.split(separator: "\n").map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["event"] as? String
      }
      #expect(events == ["began", "recorded", "recorded"])
    }
  }

  @Test func `stops at an interrupt, and continues afterwards`() throws {
    try Tool.withTemporaryFile("run") { run in
      let tool = try Tool.run(
        "evaluate", "--task", "countdown", "--problems", "40", "--strategy", "large-only", "--format", "jsonl",
        "--output", run, interruptWhen: { $0.contains("recorded") })
      #expect(tool.status == 130)
      #expect(tool.errors.contains("--resume"))
      let kept = try RunFolder(URL(filePath: run)).records()
      #expect((1..<40).contains(kept.count))
      #expect(kept.allSatisfy { $0.grade != .failed })
      #expect(try Tool.run("evaluate", "--output", run, "--resume").status == 0)
      let records = try RunFolder(URL(filePath: run)).records()
      #expect(records.count == 40)
      #expect(records.starts(with: kept))
    }
  }

  @Test func `says that the disk is full, and loses nothing that it recorded`() throws {
    try Tool.withTemporaryFile("run") { run in
      // A limit on the size of files fails the write in the middle of a line, as a full disk does.
      let tandem = try #require(Bundle.main.executableURL).deletingLastPathComponent().appending(path: "tandem").path
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      let command = "trap '' XFSZ; ulimit -f 6; exec \"$0\" evaluate --task countdown --problems 12 --output \"$1\""
      process.arguments = ["-c", command + " --strategy small-only --no-traces --deterministic", tandem, run]
      let errors = Pipe()
      (process.standardError, process.standardOutput) = (errors, Pipe())
      try process.run()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      #expect(said.contains("The disk is full") && said.contains("--resume"), "\(said)")
      let file = RunFolder(URL(filePath: run)).recordsFile
      #expect(try Data(contentsOf: file).last == UInt8(ascii: "\n"))
      let kept = try RunFolder(URL(filePath: run)).records()
      #expect((1..<12).contains(kept.count))
      #expect(try Tool.run("evaluate", "--output", run, "--resume").status == 0)
      let records = try RunFolder(URL(filePath: run)).records()
      #expect(records.count == 12 && records.starts(with: kept))
    }
  }
}
