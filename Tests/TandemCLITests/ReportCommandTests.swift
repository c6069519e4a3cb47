import Foundation
import Testing

/// A run of three problems and two rows, as files.
private enum Run {
  static func withFolder<R>(temperature: Double = 0.6, records: Int = 6, _ body: (String) throws -> R) throws -> R {
    try Tool.withTemporaryFile("run") { path in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try plan(temperature).write(toFile: path + "/plan.json", atomically: true, encoding: .utf8)
      let lines = ["small", "large"].flatMap { row in (0..<3).map { record(row, $0) } }
      try lines.prefix(records).joined().write(toFile: path + "/records.jsonl", atomically: true, encoding: .utf8)
      return try body(path)
    }
  }

  private static func plan(_ temperature: Double) -> String {
    """
    {"version": 1, "program": "tandem 1", "startedAt": 1, "machine": "m", "plan": {
      "tasks": [{"name": "sums", "prompt": "bare", "extraction": "boxed", "optionSeed": 41}],
      "rows": [{"label": "small", "strategy": "small-only", "settings": {}},
               {"label": "large", "strategy": "large-only", "settings": {}}],
      "seeds": [1], "conditions": {
        "sampling": {"temperature": \(temperature), "topK": 0, "topP": 0.95, "minP": 0, "repetitionPenalty": 1,
          "penaltyWindow": 64},
        "budget": {"thinkingTokens": 400, "answerTokens": 40, "whenSpent": "answer"}, "contextSize": 512,
        "parallel": 4, "threads": 1, "gpuLayers": -1, "flashAttention": "auto", "isDeterministic": false}},
     "tasks": [{"name": "sums", "problems": 3, "skipped": 0, "fingerprint": "f"}]}
    """
  }

  private static func record(_ row: String, _ problem: Int) -> String {
    let isRight = problem == 0 || row == "large"
    let none =
      #"{"prompt": 0, "handedOver": 0, "inserted": 0, "reevaluated": 0, "thinking": 0, "answer": 0, "#
      + #""discarded": 0, "seconds": 0}"#
    let some = none.replacing(#""thinking": 0"#, with: #""thinking": 50"#)
    let bins = [Int](repeating: 0, count: 10)
    return """
      {"version": 1, "task": "sums", "problem": "p\(problem)", "row": "\(row)", "seed": 1, "gold": "24", "reason": "",
      "grade": "\(isRight ? "correct" : "wrong")", "isTruncated": false, "strategy": "\(row)-only", "settings": {},
      "\(row)": "M", "usage": {"small": \(row == "small" ? some : none), "large": \(row == "large" ? some : none)},
      "thinkingTokens": 50, "handOvers": {}, "reflections": 1, "startedAt": 5, "seconds": 2,
      "authorship": {"small": \(bins), "large": \(bins), "inserted": \(bins)}}
      """.replacing("\n", with: " ") + "\n"
  }
}

@Suite struct `tandem report` {
  @Test func `prints tables`() throws {
    try Run.withFolder { run in
      let tool = try Tool.run("report", run, "--price", "large=1")
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(tool.output.contains("Against large, on the same problems and seeds"))
      #expect(tool.output.contains("33.3 %"))
      #expect(tool.output.contains("COST IN ALL"))
      #expect(!tool.output.contains("\u{1B}"))
    }
  }

  @Test func `prints JSON and Markdown, and writes a page`() throws {
    try Run.withFolder { run in
      let json = try Tool.run("report", run, "--format", "json")
      #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
      let page = run + "/report.html"
      let markdown = try Tool.run("report", run, "--format", "markdown", "--html", page, "--baseline", "small")
      #expect(markdown.output.contains("| large | +66.7"))
      #expect(try String(contentsOfFile: page, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    }
  }

  @Test func `reports on what is done of an unfinished run`() throws {
    try Run.withFolder(records: 4) { run in
      let tool = try Tool.run("report", run)
      #expect(tool.status == 0)
      #expect(tool.output.replacing("\n", with: " ").contains("4 of 6 jobs are done"))
    }
  }

  @Test func `refuses runs that differ, and says how`() throws {
    try Run.withFolder { first in
      try Run.withFolder(temperature: 1) { second in
        let refused = try Tool.run("report", first, second)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("sampling.temperature is 0.6 in \(first) and 1 in \(second)"))
        #expect(refused.output.isEmpty)
        let shown = try Tool.run("report", first, second, "--allow-different")
        #expect(shown.status == 0)
        #expect(shown.output.contains("sampling.temperature"))
      }
    }
  }

  @Test func `reads prices from a file`() throws {
    try Run.withFolder { run in
      for (text, status) in [("large: {output: 2}", Int32(0)), (#"{"large": {"output": 2}}"#, 0), ("large: 2", 65)] {
        let file = run + "/prices.yml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let tool = try Tool.run("report", run, "--price-file", file)
        #expect(tool.status == status, "\(tool.errors)")
      }
    }
  }

  @Test func `says what is wrong`() throws {
    try Run.withFolder { run in
      try Run.withFolder(records: 0) { empty in
        let cases: [([String], Int32, String)] = [
          (["no/such/run"], 66, "no plan.json"), ([empty], 66, "--resume"), ([run, run], 64, "named twice"),
          ([run, "--baseline", "lage"], 64, "Did you mean 'large'?"), ([run, "--price", "large"], 64, "small=0.1"),
          ([run, "--price", "large=1", "--price-file", "x"], 64, "leave one out"),
          ([run, "--price-file", "missing.yml"], 66, "missing.yml"),
          ([run, "--html", "/no/folder/x.html"], 1, "/no/folder"),
        ]
        for (arguments, status, words) in cases {
          let tool = try Tool.run(list: ["report"] + arguments)
          #expect(tool.status == status, "\(arguments) \(tool.errors)")
          #expect(tool.errors.contains(words), "\(tool.errors)")
        }
      }
    }
  }
}
