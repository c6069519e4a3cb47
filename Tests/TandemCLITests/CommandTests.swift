import Foundation
import Testing

private let question = "Use 10, 7, 5, 2 to make 24."

@Suite struct `The command line` {
  @Test(arguments: [
    (["slove"], Int32(64), "Did you mean 'solve'?"),
    (["solve", "--stratgy", "x", question], 64, "--strategy"),
    (["solve", "--strategy", "speculativ-thinking", question], 64, "Did you mean 'speculative-thinking'?"),
    (["solve", "--set", "takeoverTokns=3", question], 64, "Did you mean 'takeoverTokens'?"),
    (["solve", "--set", "takeoverTokens=many", question], 64, "takeoverTokens must be a whole number, not \"many\""),
    (["solve", "--strategy", "early-exit", "--set", "words=[\"Wait\"", question], 64, "words can't be '[\"Wait\"'"),
    (["solve", "--strategy", "fractured-sampling", "--set", "answers=300", question], 64, "answers must be from 1 to"),
    (["solve", "--set", "takeoverTokens", question], 64, "name=value"),
    (["solve", "--preset", "nanno", question], 64, "Did you mean nano?"),
    (["solve", "--preset", "nano", "--small", "nano-small", question], 64, "leave out"),
    (["solve", "--small", "nano-smal", "--large", "nano-large", question], 64, "Did you mean nano-small?"),
    (["solve", "--small", "nano-small", question], 64, "needs a large model"),
    (["solve", "--small", "missing.gguf", "--large", "nano-large", question], 66, "missing.gguf"),
    (["solve", "--large", "http://127.0.0.1:1", "--strategy", "large-only", question], 64, "--large-tokenizer"),
    (
      ["solve", "--small-tokenizer", "nano-large", question], 64, "--small-tokenizer is for a model that a server runs"
    ),
    (
      [
        "solve", "--preset", "nano", "--large", "http://127.0.0.1:1/v1#m", "--server-patience", "0.1", question,
      ], 69, "The server http://127.0.0.1:1 can't be reached: Connection refused."
    ),
    (
      ["solve", "--small", "nano-small", "--large", "http://me:secret@host/v1", question], 64,
      "must not contain a password"
    ),
    (
      ["solve", "--preset", "nano", "--large", "http://h", "--server-key-env", "TANDEM_NO_SUCH", question], 64,
      "--server-key-env names the environment variable TANDEM_NO_SUCH, which is not set"
    ),
    (["solve", "--preset", "nano", "--large", "http://h", "--server-key-file", "no-key", question], 66, "no-key"),
    (
      ["solve", "--preset", "nano", "--large", "http://h", "--server-patience", "0", question], 64,
      "--server-patience must"
    ),
    (["bench", "http://127.0.0.1:1"], 64, "http://127.0.0.1:1 is a model on a server, and this needs a file"),
    (["models", "info", "http://127.0.0.1:1", "--server-patience", "0.1"], 69, "can't be reached"),
    (["models", "info", "nano-small", "--tokenizer", "nano-large"], 64, "no effect"),
    (["solve", "--temp=-1", question], 64, "--temp must be a number from 0 up"),
    (["solve", "--ctx-size", "0", question], 64, "--ctx-size must be from 8"),
    (["solve", "--ctx-size", "100000", question], 64, "trained for 512; with --extend-context"),
    (["solve", "--predict", "600", question], 1, "512"),
    (["solve", "--reasoning-budget", "-1", question], 64, "--reasoning-budget"),
    (["solve", "--thinking-format", "tags", question], 64, "think, s1"),
    (["solve", "--config", "missing.yml", question], 66, "missing.yml"),
    (["solve", "--trace", "no/such/t.jsonl", question], 1, "t.jsonl can't be written: No such file or directory.\n"),
    (["trace", "stats", "missing.jsonl"], 66, "There is no file at missing.jsonl."),
    (["trace", "stats", "/"], 65, "/ can't be read"), (["solve", "--config", "/", question], 65, "/ can't be read"),
    (["models", "info", "hf:too/short"], 64, "hf:"),
    (["strategies", "speculative"], 64, "Known:"),
    (["bench", "nano-small", "--parallel", "1,x"], 64, "1,x"),
    (["bench", "nano-small", "-p", "9223372036854775807"], 64, "-p must be from 1 to 10000000"),
    (["report", "--intensity", "0", "run"], 64, "--intensity must be above 0"),
    (["doctor", "--threads", "2"], 64, "Unknown option '--threads'"),
    (["doctor", "--parallel", "0"], 64, "--parallel must be from 1 to 64"),
    (["doctor", "--ctx-size", "\(Int.max)"], 64, "--ctx-size must be from 8"),
    (["demo", "--problems", "1001"], 64, "1 to 1000"),
    (
      ["train", "sft", "--model", "nano-small", "--data", "a", "--output", "b", "--full", "--rank", "4"], 64,
      "no effect with --full"
    ),
  ])
  func `says what is wrong and what would be right`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let tool = try Tool.run(list: arguments)
    #expect(tool.status == status)
    #expect(tool.errors.contains(words), "\(tool.errors)")
    #expect(tool.output.isEmpty)
  }

  @Test func `refuses a file that is no model`() throws {
    try Tool.withTemporaryFile("text.gguf") { path in
      try "just text".write(toFile: path, atomically: true, encoding: .utf8)
      let tool = try Tool.run("solve", "--small", path, "--large", "nano-large", question)
      #expect(tool.status == 65)
      #expect(tool.errors.contains("GGUF"))
    }
  }

  @Test func `solves a problem from standard input, without colours in a pipe`() throws {
    let tool = try Tool.run("solve", "--seed", "2", input: question + "\n")
    #expect(tool.status == 0)
    #expect(tool.output.contains("[small]"))
    #expect(tool.output.contains("seconds"))
    #expect(!tool.output.contains("\u{1B}"))
  }

  @Test func `asks for a problem if there is none`() throws {
    let tool = try Tool.run("solve", "-", input: " \n")
    #expect(tool.status == 64)
    #expect(tool.errors.contains("no problem"))
  }

  @Test func `prints one JSON object, whose usage adds up`() throws {
    struct Result: Decodable {
      struct Outcome: Decodable { let finish: String }
      let answer: String?
      let thinking: String
      let outcome: Outcome
    }
    let tool = try Tool.run("solve", "--format", "json", "--strategy", "large-only", question)
    let result = try JSONDecoder().decode(Result.self, from: Data(tool.output.utf8))
    #expect(!result.thinking.isEmpty)
    #expect(["stop", "budget"].contains(result.outcome.finish))
  }

  @Test func `prints events as JSON Lines`() throws {
    let tool = try Tool.run("solve", "--format", "jsonl", question)
    let events = try tool.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["event"] as? String
    }
    #expect(events.first == "started")
    #expect(events.last == "finished")
    #expect(events.contains("text"))
  }

  @Test func `gives the same run for the same seed`() throws {
    let runs = try (0..<2).map { _ in
      try Tool.run("solve", "--deterministic", "--seed", "5", "--quiet", question).output
    }
    #expect(runs[0] == runs[1])
  }

  @Test func `writes a trace that it can show and count`() throws {
    try Tool.withTemporaryFile("run.jsonl") { path in
      let solved = try Tool.run("solve", "--trace", path, "--seed", "2", question)
      #expect(solved.status == 0)
      let shown = try Tool.run("trace", "show", path)
      #expect(shown.output.contains(question))
      let script = try Tool.run("trace", "show", "--script", path)
      #expect(script.output.contains("small + "))
      let counted = try Tool.run("trace", "stats", "--format", "json", path)
      #expect(try JSONSerialization.jsonObject(with: Data(counted.output.utf8)) is [String: Any])
    }
  }

  @Test func `names the line of a trace that can't be read`() throws {
    try Tool.withTemporaryFile("run.jsonl") { path in
      _ = try Tool.run("solve", "--trace", path, question)
      var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
      lines[1] = "{ not an event }"
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      let tool = try Tool.run("trace", "show", path)
      #expect(tool.status == 65)
      #expect(tool.errors.contains("Line 2"))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `says when the disk is full, after the run was shown`() throws {
    let tool = try Tool.run("solve", "--trace", "/dev/full", question)
    #expect(tool.status == 1)
    #expect(tool.output.contains("[small]"))
    #expect(tool.errors.contains("/dev/full"))
    let json = try Tool.run("solve", "--format", "json", "--trace", "/dev/full", question)
    #expect(json.status == 1 && json.output.contains(#""outcome""#), "\(json.errors)")
  }

  @Test(.enabled(if: Tool.hasSmolLM2, "SmolLM2 is fetched by scripts/deps"))
  func `ends at an interrupt, and leaves a readable trace`() throws {
    let model = try #require(Tool.smolLM2)
    try Tool.withTemporaryFile("run.jsonl") { path in
      let tool = try Tool.run(
        "solve", "--small", model, "--strategy", "small-only", "--trace", path,
        "Write a long story about a lighthouse keeper.",
        interruptWhen: { $0.count > 40 })
      #expect(tool.status == 130)
      #expect(try Tool.run("trace", "show", "--script", path).output.contains("= cancelled"))
    }
  }

  @Test func `lists strategies, models and presets`() throws {
    let strategies = try Tool.run("strategies", "--format", "json")
    let list = try #require(JSONSerialization.jsonObject(with: Data(strategies.output.utf8)) as? [[String: Any]])
    #expect(list.count >= 4)
    #expect(try Tool.run("models", "list").output.contains("nano-large"))
    #expect(try Tool.run("models", "presets").output.contains("r1-1.5b-32b"))
    #expect(try Tool.run("models", "info", "nano-large").output.contains("869,504"))
    let doctor = try Tool.run("doctor", "--format", "json").output
    #expect(doctor.contains("\"pair\"") && doctor.contains("\"intensity\""))
  }

  @Test(arguments: [
    "solve", "demo", "evaluate", "report", "grade", "trace", "train", "models", "strategies", "doctor", "bench",
  ])
  func `has help with an example for`(_ command: String) throws {
    let tool = try Tool.run("help", command)
    #expect(tool.status == 0)
    #expect(tool.output.contains("tandem \(command)"))
  }
}
