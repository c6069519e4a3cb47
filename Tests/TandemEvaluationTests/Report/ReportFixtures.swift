import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemSetup
import TandemTasks

/// A small run written by hand: three problems, two seeds, three rows.
enum ReportFixture {
  static let tasks = ["sums"]
  static let seeds: [UInt64] = [1, 2]

  /// How a job of the fixture ended: a letter each for correct, wrong, truncated, unparsable, failed.
  private static let grades: [Character: Grade] = [
    "c": .correct, "w": .wrong, "t": .truncated, "u": .unparsable, "f": .failed,
  ]

  static func header(
    program: String = "tandem 1", machine: String = "a machine", task: String = "sums", problems: Int = 3,
    prompt: PromptTemplate = .bare, fingerprint: String = "f1", rows: [Plan.Row] = rows, seeds: [UInt64] = seeds,
    change: (inout RunConditions) -> Void = { _ in }
  ) -> RunHeader {
    var conditions = RunConditions(
      small: "models/s.gguf", large: "models/l.gguf", budget: Budget(thinkingTokens: 400, answerTokens: 40),
      contextSize: 512)
    change(&conditions)
    let plan = Plan(
      tasks: [.init(name: task, prompt: prompt, extraction: .boxed)], rows: rows, seeds: seeds, conditions: conditions)
    return RunHeader(
      program: program, startedAt: 1000, machine: machine, plan: plan, small: .init(name: "S", fingerprint: "5"),
      large: .init(name: "L", fingerprint: "7"),
      tasks: [.init(name: task, problems: problems, skipped: 0, fingerprint: fingerprint)])
  }

  static let rows = [
    Plan.Row(label: "small", strategy: "small-only"), Plan.Row(label: "large", strategy: "large-only"),
    Plan.Row(label: "both", strategy: "speculative-thinking", settings: ["takeoverTokens": .integer(24)]),
  ]

  /// The records of a row, as grades of p1, p2 and p3 with seed 1, then with seed 2.
  static func records(
    _ row: String, _ grades: String, small: Int, large: Int, task: String = "sums", seeds: [UInt64] = seeds
  ) -> [Record] {
    zip(seeds, grades.split(separator: " ")).flatMap { seed, letters in
      letters.enumerated().map { index, letter in
        record(row, "p\(index + 1)", seed, Self.grades[letter] ?? .failed, small: small, large: large, task: task)
      }
    }
  }

  /// What is not right thinks ten tokens and a second longer, so that the means differ.
  static func record(
    _ row: String, _ problem: String, _ seed: UInt64, _ grade: Grade, small: Int, large: Int, task: String = "sums"
  ) -> Record {
    let strategy = rows.first { $0.label == row }?.strategy ?? "small-only"
    var record = Record(
      task: task, problem: problem, row: row, seed: seed, strategy: strategy, grade: grade, reason: "as written",
      gold: "24")
    record.settings = rows.first { $0.label == row }?.settings ?? [:]
    let more = grade == .correct ? 0 : 10
    if small > 0 {
      record.small = "S"
      record.usage.small.thinking = small + more
      record.usage.small.prompt = 20
      record.usage.small.seconds = 0.5
    }
    if large > 0 {
      record.large = "L"
      record.usage.large.thinking = large + (small > 0 ? 0 : more)
      record.usage.large.handedOver = small
      record.usage.large.discarded = small > 0 ? 4 : 0
      record.usage.large.seconds = 1
    }
    record.authorship.small = [Double](repeating: Double(record.usage.small.thinking) / 10, count: 10)
    record.authorship.large = (0..<10).map { $0 < 5 ? 0 : Double(record.usage.large.thinking) / 5 }
    record.authorship.inserted[3] = small > 0 && large > 0 ? 2 : 0
    record.thinkingTokens =
      record.usage.small.thinking + record.usage.large.thinking + Int(record.authorship.inserted[3])
    record.handOvers = small > 0 && large > 0 ? ["takeoff": 2, "affirmation": 1] : [:]
    record.reflections = grade == .correct ? 2 : 5
    record.answer = grade == .correct ? "24" : grade == .wrong ? "\(seed)" : nil
    record.isTruncated = grade == .truncated
    record.gradeAfterCut = grade == .truncated ? .correct : nil
    record.startedAt = 1000 + Double(seed) * 100
    record.seconds = grade == .correct ? 2 : 3
    return record
  }

  static let records =
    records("small", "cww wtf", small: 100, large: 0) + records("large", "ccw ccu", small: 0, large: 80)
    + records("both", "ccw cwt", small: 60, large: 20)

  static func run(
    _ name: String = "runs/a", _ header: RunHeader = header(), records: [Record] = records
  ) -> ReportedRun {
    ReportedRun(name: name, header: header, records: records)
  }

  static func report(
    _ runs: [ReportedRun] = [run()], baseline: String? = nil, prices: PriceTable? = nil, allowsDifferent: Bool = false
  ) throws -> Report {
    try Report(
      runs, baseline: baseline, prices: prices, allowsDifferent: allowsDifferent,
      bootstrap: Bootstrap(resamples: 200, seed: 1))
  }

  /// A run in a folder, which is removed afterwards.
  static func withFolder<R>(
    _ header: RunHeader = header(), lines: [Record] = records, tail: String = "", _ body: (String) throws -> R
  ) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try JSONEncoder().encode(header).write(to: folder.appending(path: "plan.json"))
    let text = try lines.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }.joined()
    try Data((text + tail).utf8).write(to: folder.appending(path: "records.jsonl"))
    return try body(folder.path)
  }
}
