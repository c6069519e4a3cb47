import Foundation
import Tandem
import TandemSetup
import TandemSupport
import Testing

@testable import TandemEvaluation

@Suite struct `A run's folder` {
  @Test func `is resumed after a line that was torn at any byte`() async throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let whole = try Data(contentsOf: laboratory.run.recordsFile)
    let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
    for cut in [0, 1, first / 2, first, first + 1, first + 2, whole.count - 1] {
      try whole.prefix(cut).write(to: laboratory.run.recordsFile)
      #expect(try laboratory.run.records().count == whole.prefix(cut).count { $0 == UInt8(ascii: "\n") })
      try await laboratory.evaluate()
      let again = try Data(contentsOf: laboratory.run.recordsFile)
      #expect(try laboratory.run.records().count == 12)
      #expect(again.count { $0 == UInt8(ascii: "\n") } == 12)
      #expect(again.starts(with: whole.prefix(cut > first ? first + 1 : 0)))
    }
  }

  @Test func `names the line that is no record`() async throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    var lines = try laboratory.lines
    lines[4] = "{}"
    try (lines.joined(separator: "\n") + "\n").write(to: laboratory.run.recordsFile, atomically: true, encoding: .utf8)
    let error = #expect(throws: EvaluationError.self) { try laboratory.run.records() }
    #expect(error?.description.contains("Line 5 of") == true)
    lines[4] = lines[0]
    try (lines.joined(separator: "\n") + "\n").write(to: laboratory.run.recordsFile, atomically: true, encoding: .utf8)
    let repeated = #expect(throws: EvaluationError.self) { try laboratory.run.records() }
    #expect(repeated?.description.contains("it repeats sums") == true)
  }

  @Test func `is written by one process at a time`() async throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    try laboratory.run.create(laboratory.header)
    let log = try LineLog(laboratory.run.recordsFile.path)
    await #expect(throws: EvaluationError.inUse(path: laboratory.run.url.path)) { try await laboratory.evaluate() }
    withExtendedLifetime(log) {}
  }

  @Test func `is begun once, and refuses another plan`() async throws {
    var laboratory = try Laboratory(seeds: [1, 2])
    defer { laboratory.remove() }
    try laboratory.run.create(laboratory.header)
    #expect(try laboratory.run.header() == laboratory.header)
    #expect(throws: EvaluationError.runExists(path: laboratory.run.url.path)) {
      try laboratory.run.create(laboratory.header)
    }
    try laboratory.run.check(laboratory.header)
    laboratory.plan.conditions.budget.thinkingTokens = 41
    laboratory.plan.seeds = [1]
    let error = #expect(throws: EvaluationError.self) { try laboratory.run.check(laboratory.header) }
    #expect(error?.description.contains("plan.conditions.budget.thinkingTokens is 40 there and 41 here") == true)
    #expect(error?.description.contains("plan.seeds is a list of 2 there and a list of 1 here") == true)
    #expect(throws: EvaluationError.self) { try RunFolder(laboratory.folder).header() }
  }

  @Test func `is not taken for none if its plan can't be read`() throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    let file = laboratory.run.headerFile
    try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    #expect(throws: EvaluationError.invalidFile(path: file.path, line: nil, reason: "Is a directory")) {
      try laboratory.run.header()
    }
  }

  @Test func `stops when its folder vanishes, and does not make it again`() async throws {
    let laboratory = try Laboratory(parallel: 1)
    defer { laboratory.remove() }
    let error = await #expect(throws: EvaluationError.self) {
      try await laboratory.evaluate { event in
        if case .recorded = event { try? FileManager.default.removeItem(at: laboratory.run.url) }
      }
    }
    let path = laboratory.run.recordsFile.path
    #expect(
      error?.description
        == "\(path) can't be written: it was removed, renamed or replaced while it was being written.")
    #expect(!FileManager.default.fileExists(atPath: laboratory.run.url.path))
  }

  @Test func `loses the parts of files that a kill left, when it is opened again`() async throws {
    let laboratory = try Laboratory(parallel: 1)
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let trace = try #require(laboratory.run.records().first?.trace)
    let traces = laboratory.run.url.appending(path: trace).deletingLastPathComponent()
    let files = [
      traces.appending(path: ".dat.nosync1a2b.X9"), traces.appending(path: "9-1.jsonl.partial"),
      laboratory.run.url.appending(path: ".dat.nosync0"),
    ]
    for file in files { try Data("half".utf8).write(to: file) }
    try await laboratory.evaluate()
    for file in files { #expect(!FileManager.default.fileExists(atPath: file.path), "\(file.lastPathComponent)") }
    #expect(FileManager.default.fileExists(atPath: laboratory.run.url.appending(path: trace).path))
  }

  @Test func `counts failed runs in no row's cost`() async {
    let ledger = RunLedger(
      total: 2,
      records: [
        ReportFixture.record("small", "p1", 1, .correct, small: 30, large: 0),
        ReportFixture.record("small", "p2", 1, .failed, small: 500, large: 0),
        ReportFixture.record("both", "p1", 1, .correct, small: 7, large: 8),
      ])
    #expect(await ledger.usage(task: "sums", row: "small").small.thinking == 30)
  }

  @Test func `says when its disk is full`() {
    for number in [ENOSPC, EDQUOT, EFBIG] {
      #expect(EvaluationError(FileFault.refused(path: "/run", number: number)) == .diskFull(path: "/run"))
    }
    #expect(
      EvaluationError(FileFault.refused(path: "/run", number: EACCES))
        == .notWritable(path: "/run", reason: "Permission denied"))
  }

  @Test func `gives each job a trace of its own, whatever its problem is called`() {
    let run = RunFolder(URL(filePath: "/run"))
    func path(_ problem: String) -> String {
      run.tracePath(Record.Key(task: "t", problem: problem, row: "a b", seed: 1))
    }
    #expect(path("math/1.json") == "traces/t/a%20b/math%2f1.json-1.jsonl")
    let long = String(repeating: "x", count: 300)
    let paths = ["a/b", "a%2fb", "a_b", "..", ".", "ä", long, long + "y", "A", "a", "Aa", "aA", "Ä"].map(path)
    // Many file systems take A and a for one.
    #expect(Set(paths.map { $0.lowercased() }).count == paths.count)
    #expect(paths.allSatisfy { $0.split(separator: "/").allSatisfy { $0.utf8.count < 255 && !$0.hasPrefix(".") } })
  }

  @Test func `keeps records that a later version of this program can read`() throws {
    var record = Record(
      task: "t", problem: "p", row: "r", seed: .max, strategy: "small-only", grade: .failed, reason: "x", gold: "1")
    record.settings = ["a": .list([.number(0.5), .none])]
    #expect(try JSONDecoder().decode(Record.self, from: JSONEncoder().encode(record)) == record)
  }
}
