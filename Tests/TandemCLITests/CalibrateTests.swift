import Foundation
import Testing

@Suite struct `tandem calibrate` {
  @Test func `says what each threshold would have come to, and continues where it was`() throws {
    try Tool.withTemporaryFile("run") { run in
      let arguments = ["calibrate", "--problems", "6", "--drafts", "2", "--output", run]
      let first = try Tool.run(list: arguments)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("--set selection=worst-token --set threshold="))
      let records = try String(contentsOfFile: run + "/records.jsonl", encoding: .utf8)
      #expect(records.split(separator: "\n").count == 12)
      let again = try Tool.run(list: arguments)
      #expect(again.output == first.output)
      #expect(try String(contentsOfFile: run + "/records.jsonl", encoding: .utf8) == records)
    }
  }

  @Test func `has the large model mark its own steps, and says which mark is a low one`() throws {
    try Tool.withTemporaryFile("run") { run in
      // The nano models read no English, and their windows are small.
      let arguments = [
        "calibrate", "--strategy", "spec-reason", "--problems", "3", "--set", "question=Score 0 to 9.", "--set",
        "beginning=Score:", "--set", "stepTokens=64", "--set", "mark=expected", "--output", run,
      ]
      let first = try Tool.run(list: arguments)
      #expect(first.status == 0, "\(first.errors)")
      let threshold = try #require(first.output.firstMatch(of: /--set threshold=([0-9.]+)\n/)?.1)
      let again = try Tool.run(list: arguments + ["--format", "json"])
      let tree = try #require(JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
      #expect(tree["runs"] as? Int == 3)
      #expect((tree["chosen"] as? [String: Any])?["threshold"] as? Double == Double(threshold))
      let lines = try String(contentsOfFile: run + "/records.jsonl", encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 3 && lines.allSatisfy { $0.contains(#""small":"nano-large""#) })
    }
  }

  @Test(arguments: [
    (["--selection", "labels"], "mean-token, worst-token, own-likelihood"), (["--drafts", "9"], "must be from 1 to 8"),
    (["--task", "countdwn"], "Did you mean 'countdown'?"), (["--quantile", "0.1"], "are for --strategy spec-reason"),
    (["--strategy", "spec-reason", "--drafts", "2"], "have no effect"),
    (["--strategy", "spec-reason", "--quantile", "10"], "from 0 to 1"),
    (["--strategy", "spec-reason", "--set", "threshold=3"], "calibration looks for it"),
    (["--strategy", "small-only"], "spec-reason"),
  ])
  func `says what is wrong`(_ arguments: [String], _ words: String) throws {
    try Tool.withTemporaryFile("run") { run in
      let tool = try Tool.run(list: ["calibrate", "--output", run] + arguments)
      #expect(tool.status == 64)
      #expect(tool.errors.contains(words), "\(tool.errors)")
    }
  }
}
