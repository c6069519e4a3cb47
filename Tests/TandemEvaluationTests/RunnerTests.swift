import Foundation
import Synchronization
import Tandem
import TandemInference
import TandemSetup
import TandemTasks
import TandemTesting
import Testing

@testable import TandemEvaluation

private let pair = [
  Plan.Row(label: "small-only", strategy: "small-only"), Plan.Row(label: "large-only", strategy: "large-only"),
]

@Suite struct `A run` {
  @Test func `has one record for each problem, row and seed, and a trace for each`() async throws {
    let laboratory = try Laboratory(rows: pair, seeds: [1, 2])
    defer { laboratory.remove() }
    let progress = try await laboratory.evaluate()
    let records = try laboratory.run.records()
    #expect(progress.total == 48 && progress.done == 48)
    #expect(Set(records.map(\.key)).count == 48)
    #expect(progress.correct == records.count { $0.grade == .correct })
    for record in records {
      let path = laboratory.run.url.appending(path: try #require(record.trace)).path
      let trace = try Trace(lines: String(contentsOfFile: path, encoding: .utf8))
      #expect(trace.outcome?.usage == record.usage)
      #expect(trace.header?.problem.id == record.problem)
      #expect(TraceStatistics(trace).thinkingTokens == record.thinkingTokens)
      #expect(record.authorship == Authorship(trace.thoughts))
      #expect(record.strategy == record.row)
      #expect(record.small == (record.row == "small-only" ? "small" : nil))
    }
  }

  @Test func `ends without records of what failed if the server of a model is gone`() async throws {
    let laboratory = try Laboratory(small: GoneModel())
    defer { laboratory.remove() }
    await #expect(throws: GoneModel.error) { try await laboratory.evaluate() }
    #expect(try laboratory.run.records() == [])
  }

  @Test func `does not depend on the order of its jobs, nor on how many there are at once`() async throws {
    var runs: [Set<Record>] = []
    for parallel in [1, 5] {
      let laboratory = try Laboratory(rows: parallel == 1 ? pair : pair.reversed(), parallel: parallel)
      defer { laboratory.remove() }
      try await laboratory.evaluate()
      runs.append(Set(try laboratory.run.records().map(\.timeless)))
    }
    #expect(runs[0] == runs[1])
  }

  @Test func `gives all rows of a problem the same seed, and other problems another`() {
    func seed(_ problem: String, _ row: String, _ seed: UInt64) -> UInt64 {
      Record.Key(task: "t", problem: problem, row: row, seed: seed).runSeed
    }
    #expect(seed("a", "x", 1) == seed("a", "y", 1))
    #expect(Set([seed("a", "x", 1), seed("b", "x", 1), seed("a", "x", 2), seed("b", "x", 2)]).count == 4)
  }

  @Test func `grades what the model says in the end`() async throws {
    let small = ScriptedModel(
      scripts: [
        "1 + 1": ["so</think>\n\nIt is \\boxed{2}.<|im_end|>"], "2 + 2": ["so</think>\n\nIt is \\boxed{5}.<|im_end|>"],
        "3 + 3": ["so</think>\n\nI do not know.<|im_end|>"],
      ])
    let laboratory = try Laboratory(problems: Array([(String, String)].sums.prefix(3)), small: small)
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let records = try laboratory.run.records().sorted { $0.problem < $1.problem }
    #expect(records.map(\.grade) == [.correct, .wrong, .unparsable])
    #expect(records.map(\.answer) == ["2", "5", nil])
    #expect(records.map(\.gold) == ["2", "4", "6"])
  }

  @Test(arguments: [Budget.WhenSpent.answer, .stop])
  func `never takes what was cut for an answer`(_ whenSpent: Budget.WhenSpent) async throws {
    let small = ScriptedModel(scripts: ["1 + 1": ["The answer is 2. Wait, is it \\boxed{2}?", "\\boxed{2}<|im_end|>"]])
    let laboratory = try Laboratory(
      problems: Array([(String, String)].sums.prefix(1)),
      budget: Budget(thinkingTokens: 20, answerTokens: 20, whenSpent: whenSpent), small: small)
    defer { laboratory.remove() }
    let progress = try await laboratory.evaluate()
    let record = try #require(try laboratory.run.records().first)
    #expect(record.grade == .truncated && record.isTruncated && record.finish == .budget)
    #expect(record.gradeAfterCut == (whenSpent == .answer ? .correct : nil))
    #expect(progress.accuracy == 0)
  }

  @Test func `counts an answer that was cut apart from one that is wrong`() async throws {
    let small = ScriptedModel(scripts: ["1 + 1": ["so</think>\n\n2 and 3 and 4 and 5 and 6 and"]])
    let laboratory = try Laboratory(
      problems: Array([(String, String)].sums.prefix(1)), budget: Budget(thinkingTokens: 20, answerTokens: 10),
      small: small)
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let record = try #require(try laboratory.run.records().first)
    #expect(record.grade == .truncated && !record.isTruncated && record.finish == .length)
  }

  @Test func `records a problem that fails with its reason, continues, and tries it again`() async throws {
    let failsOnce = Mutex(true)
    let options = MemoryOptions(places: 64) { counters in
      guard counters.sampled > 3,
        failsOnce.withLock({ fails in
          defer { fails = false }; return fails
        })
      else { return }
      throw EngineError.decodeFailed(code: 3)
    }
    let laboratory = try Laboratory(small: FunctionModel.guesser("small", options: options))
    defer { laboratory.remove() }
    let first = try await laboratory.evaluate()
    #expect(first.failed == 1 && first.done == 12)
    let failed = try laboratory.run.records().filter { $0.grade == .failed }
    #expect(failed.count == 1)
    #expect(failed.first?.reason.hasPrefix("decode-failed: ") == true)
    let second = try await laboratory.evaluate()
    #expect(second.failed == 0 && second.done == 12 && second.doneNow == 1)
    #expect(try laboratory.lines.count == 13)
    #expect(try laboratory.run.records().count == 12)
  }

  @Test func `is cancelled even if nothing is left to do`() async throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await laboratory.evaluate()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `has no cost if the small model drafts for the large one, since no usage counts that`() async throws {
    let rows = [
      Plan.Row(label: "alone", strategy: "large-only"),
      Plan.Row(label: "drafted", strategy: "large-only", large: RoleSettings(draft: .small)),
    ]
    let laboratory = try Laboratory(rows: rows, small: Shaped.guesser("small"), large: Shaped.guesser("large"))
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let records = try laboratory.run.records()
    #expect(records.allSatisfy { $0.grade != .failed })
    #expect(records.filter { $0.row == "alone" }.allSatisfy { $0.operations ?? 0 > 0 })
    #expect(records.filter { $0.row == "drafted" }.allSatisfy { $0.operations == nil })
    #expect(Set(records.map(\.row)).count == 2)
  }

  @Test func `stops when its task is cancelled, and continues where it was`() async throws {
    let gate = Gate()
    let waiting = MemoryOptions(places: 64) { if $0.sampled >= 30 { await gate.wait() } }
    var laboratory = try Laboratory(small: FunctionModel.guesser("small", options: waiting))
    defer { laboratory.remove() }
    let task = Task { [laboratory] in try await laboratory.evaluate() }
    await gate.arrival()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let kept = try laboratory.lines
    #expect(kept.count < 12)
    #expect(try laboratory.run.records().allSatisfy { $0.grade != .failed })
    laboratory.solver.small?.model = FunctionModel.guesser("small")
    try await laboratory.evaluate()
    #expect(try laboratory.lines.starts(with: kept))
    #expect(try laboratory.lines.count == 12)
  }

  @Test func `reports each record with the progress so far`() async throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    let events = EventList()
    try await laboratory.evaluate { events.add($0) }
    guard case .began(let progress) = events.all.first else {
      Issue.record("no beginning")
      return
    }
    #expect(progress.total == 12 && progress.done == 0 && progress.accuracy == nil)
    let counts = events.all.compactMap { if case .recorded(_, let progress) = $0 { progress.done } else { nil } }
    #expect(counts.sorted() == Array(1...12))
  }

  @Test func `asks for what can be run before it begins`() async throws {
    func reason(_ change: (inout Plan) -> Void) throws -> String {
      var laboratory = try Laboratory()
      defer { laboratory.remove() }
      change(&laboratory.plan)
      var text = "nothing"
      do { try laboratory.plan.validate() } catch { text = "\(error)" }
      return text
    }
    #expect(try reason { $0.seeds = [] }.contains("no seed"))
    #expect(try reason { $0.seeds = [1, 1] }.contains("seed twice"))
    #expect(try reason { $0.rows = [] }.contains("no strategy"))
    #expect(try reason { $0.rows += $0.rows }.contains("two rows"))
    #expect(try reason { $0.rows[0].strategy = "smal-only" }.contains("Did you mean 'small-only'?"))
    #expect(try reason { $0.rows[0].settings = ["x": .integer(1)] }.contains("has no setting 'x'"))
    #expect(try reason { $0.rows[0].matchShare = "other" }.contains("no other row"))
    #expect(try reason { $0.conditions.parallel = 0 }.contains("from 1 to 64"))
    #expect(throws: EvaluationError.self) {
      try LoadedTask(Plan.TaskChoice(name: "gsm8k", problems: 9999, prompt: .bare, extraction: .standard))
    }
  }

  @Test func `asks one task in two ways under two labels`() async throws {
    var laboratory = try Laboratory()
    var other = laboratory.plan.tasks[0]
    (laboratory.plan.tasks[0].label, other.label, other.prompt) = ("bare", "with effort", try .named("effort-low"))
    laboratory.plan.tasks.append(other)
    try laboratory.plan.validate()
    let progress = try await laboratory.evaluate()
    let run = try ReportedRun(reading: laboratory.run.url.path)
    #expect(run.jobCount == progress.done && run.notes.isEmpty)
    let report = try Report([run], bootstrap: Bootstrap(resamples: 10))
    #expect(report.tasks.map(\.name) == ["bare", "with effort", "all tasks"])
    other.label = "bare"
    laboratory.plan.tasks[1] = other
    #expect(throws: EvaluationError.self) { try laboratory.plan.validate() }
  }
}

/// A model in memory that says how large it is.
private struct Shaped: MemoryModel {
  let engine: MemoryEngine
  let shape: ModelShape? = ModelShape(layers: 2, width: 8, heads: 2, feedForward: 16, vocabulary: 32)

  static func guesser(_ name: String) -> Self { Self(engine: FunctionModel.guesser(name).engine) }
}
