import Foundation
import TandemEvaluation
import Testing

@Suite struct `A run that is killed` {
  /// Starts or resumes the run, and kills it in the middle: after `records` more of them, and a moment.
  private func kill(_ run: String, _ arguments: [String], after records: Int, microseconds: UInt32) throws {
    let process = Process()
    process.executableURL = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "tandem")
    process.arguments = ["evaluate", "--output", run, "--format", "jsonl"] + arguments
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, Pipe())
    try process.run()
    var seen = ""
    while seen.split(separator: "\"event\":\"recorded\"").count <= records,
      let chunk = try output.fileHandleForReading.read(upToCount: 256), !chunk.isEmpty
    {
      seen += String(decoding: chunk, as: UTF8.self)
    }
    usleep(microseconds)
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  @Test func `twenty times at random moments loses nothing, repeats nothing and tears nothing`() throws {
    let plan = [
      "--task", "countdown", "--problems", "8", "--strategy", "small-only", "--strategy", "random-takeover",
      "--control",
      "random-takeover", "--deterministic", "--parallel", "3", "--reasoning-budget", "60",
    ]
    try Tool.withTemporaryFile("killed") { run in
      var generator = SystemRandomNumberGenerator()
      var kept: [Record] = []
      for attempt in 0..<20 {
        let isBegun = RunFolder(URL(filePath: run)).exists
        try kill(
          run, isBegun ? ["--resume"] : plan, after: Int.random(in: 0...1, using: &generator),
          microseconds: UInt32.random(in: 0...30_000, using: &generator))
        guard RunFolder(URL(filePath: run)).exists else { continue }
        let records = try RunFolder(URL(filePath: run)).records()
        #expect(records.starts(with: kept), "attempt \(attempt)")
        kept = records
      }
      let tool = try Tool.run("evaluate", "--output", run, "--resume")
      #expect(tool.status == 0, "\(tool.errors)")
      let folder = RunFolder(URL(filePath: run))
      let records = try folder.records()
      #expect(records.count == 24 && records.starts(with: kept))
      // Every line is whole, and each job has one: nothing failed.
      let lines = try String(contentsOf: folder.recordsFile, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 24)
      #expect(try folder.calibrations().count == 1)
      for record in records {
        #expect(FileManager.default.fileExists(atPath: folder.url.appending(path: record.trace ?? "none").path))
      }
      // And it came to what a run that nobody killed comes to.
      let whole = run + "-whole"
      #expect(try Tool.run(list: ["evaluate", "--output", whole] + plan).status == 0)
      let answers = { (records: [Record]) in Set(records.map { "\($0.key) \($0.grade) \($0.answer ?? "")" }) }
      #expect(answers(records) == answers(try RunFolder(URL(filePath: whole)).records()))
    }
  }
}
