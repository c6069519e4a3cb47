import Foundation
import Testing

@Suite struct `tandem calibrate` {
  @Test func `says what each threshold would have come to, and goes on where it was`() throws {
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

  @Test(arguments: [
    (["--selection", "labels"], "mean-token, worst-token, own-likelihood"), (["--drafts", "9"], "must be 1 to 8"),
    (["--task", "countdwn"], "Did you mean 'countdown'?"),
  ])
  func `says what is wrong`(_ arguments: [String], _ words: String) throws {
    try Tool.withTemporaryFile("run") { run in
      let tool = try Tool.run(list: ["calibrate", "--output", run] + arguments)
      #expect(tool.status == 64)
      #expect(tool.errors.contains(words), "\(tool.errors)")
    }
  }
}
