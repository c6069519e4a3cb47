import Foundation
import Synchronization
import Tandem
import TandemInference
import TandemSetup
import TandemTasks
import TandemTesting

@testable import TandemEvaluation

/// A plan on a file of sums, and a folder for its run.
struct Laboratory {
  let folder: URL
  var plan: Plan
  var solver: Solver
  var run: RunFolder { RunFolder(folder.appending(path: "run")) }

  /// - Parameter problems: Questions with their answers.
  init(
    rows: [Plan.Row] = [Plan.Row(label: "small-only", strategy: "small-only")], problems: [(String, String)] = .sums,
    seeds: [UInt64] = [1], parallel: Int = 3, budget: Budget = Budget(thinkingTokens: 40, answerTokens: 40),
    small: (any LanguageModel)? = nil, large: (any LanguageModel)? = nil, chosen: Int? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "sums.jsonl")
    let lines = problems.enumerated().map { #"{"id": "\#($0)", "problem": "\#($1.0)", "answer": "\#($1.1)"}"# }
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    plan = Plan(
      tasks: [.init(name: "sums", path: file.path, problems: chosen, prompt: .bare, extraction: .standard)],
      rows: rows, seeds: seeds,
      conditions: .init(small: "small", large: "large", budget: budget, contextSize: 65536, parallel: parallel))
    let sampling = SamplingParameters(temperature: 1, topP: 1)
    solver = Solver(
      small: Participant(small ?? FunctionModel.guesser("small"), sampling: sampling),
      large: Participant(large ?? FunctionModel.guesser("large"), sampling: sampling), budget: budget)
  }

  var header: RunHeader {
    get throws {
      RunHeader(
        program: "test", startedAt: 0, machine: "test", plan: plan, small: nil, large: nil,
        tasks: try plan.tasks.map { try LoadedTask($0).header })
    }
  }

  /// Begins or resumes the run.
  @discardableResult
  func evaluate(onEvent: @escaping @Sendable (EvaluationEvent) -> Void = { _ in }) async throws -> EvaluationProgress {
    if !run.exists { try run.create(header) }
    return try await Runner(
      plan, tasks: plan.tasks.map { try LoadedTask($0) }, solver: solver, folder: run, onEvent: onEvent
    ).run()
  }

  var lines: [String] {
    get throws {
      try String(contentsOf: run.recordsFile, encoding: .utf8).split(separator: "\n").map(String.init)
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}

extension [(String, String)] {
  static var sums: Self { (1...12).map { ("What is \($0) + \($0)?", "\(2 * $0)") } }
}

extension FunctionModel {
  /// Thinks in a few words, and answers with one of three numbers.
  static func guesser(_ name: String, options: MemoryOptions = .init(places: 64)) -> Self {
    .table(
      [
        "": ["so ": 2, "wait ": 1, "yes ": 1, "\n\n": 2, "</think>": 1], "</think>": ["\n\n": 1],
        "</think>\n\n": ["2": 1, "4": 1, "6": 1], "2": ["<|im_end|>": 1], "4": ["<|im_end|>": 1],
        "6": ["<|im_end|>": 1],
      ], name: name, options: options)
  }
}

/// Events of a run, as they came.
final class EventList: Sendable {
  private let events = Mutex<[EvaluationEvent]>([])

  func add(_ event: EvaluationEvent) { events.withLock { $0.append(event) } }

  var all: [EvaluationEvent] { events.withLock { $0 } }
}

extension Record {
  /// What a run of the same seed has to come to, whatever the clock says.
  var timeless: Self {
    var record = self
    (record.startedAt, record.seconds, record.usage.small.seconds, record.usage.large.seconds) = (0, 0, 0, 0)
    return record
  }
}

/// A model whose server died after it was connected to.
struct GoneModel: LanguageModel {
  static let error = EngineError.unreachable(server: "http://gone", reason: "connection refused")
  private let base = FunctionModel.guesser("gone")

  var name: String { base.name }
  var capabilities: EngineCapabilities { base.capabilities }
  var tokenizer: any Tokenizer { base.tokenizer }
  var template: any ChatTemplate { base.template }
  var contextSize: Int { base.contextSize }
  var counters: EngineCounters { base.counters }

  func makeSession(adapter: Adapter?) async throws -> MemorySession { throw Self.error }
  func checkAvailability() async throws { throw Self.error }
}
