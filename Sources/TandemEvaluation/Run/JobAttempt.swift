import Foundation
import Synchronization
import Tandem
import TandemInference
import TandemSetup
import TandemTasks

/// One job being done: a run, graded, as a record and its trace.
struct JobAttempt: Sendable {
  let job: Runner.Job
  let task: LoadedTask
  let row: Plan.Row
  let strategy: any Strategy
  let solver: Solver

  /// Throws nothing but `CancellationError`: what else goes wrong is in the record.
  func run() async throws -> (Record, Trace) {
    let events = Mutex<[TimedEvent]>([])
    let startedAt = Date().timeIntervalSince1970
    var failure: (any Error)?
    do {
      try await solver.solve(
        task.benchmark.prompt.problem(job.exercise), with: strategy, seed: job.key.runSeed
      ) { event in
        if !event.event.isTransient { events.withLock { $0.append(event) } }
      }
    } catch {
      try Task.checkCancellation()
      if error is CancellationError { throw error }
      failure = error
    }
    let trace = Trace(events.withLock { $0 })
    var record = try record(trace, failure)
    record.startedAt = startedAt
    if task.choice.objection == true, record.grade == .correct, let answer = trace.outcome?.answer {
      record.objection = try await object(to: answer)
    }
    return (record, trace)
  }

  /// Puts the question again after an objection to a right answer. Throws nothing but `CancellationError`.
  private func object(to answer: String) async throws -> Objection {
    var problem = task.benchmark.prompt.problem(job.exercise)
    problem.history += [Message(.user, problem.question), Message(.assistant, answer)]
    problem.question = Objection.text
    do {
      let outcome = try await solver.solve(problem, with: strategy, seed: job.key.runSeed)
      let judgement = outcome.answer.map { job.exercise.gold.judge($0, by: task.benchmark.policy) }
      return Objection(
        grade: outcome.isTruncated ? .truncated : judgement.map { Grade($0.verdict) } ?? .unparsable,
        answer: judgement?.answer.flatMap(written),
        thinkingTokens: outcome.usage.small.thinking + outcome.usage.large.thinking,
        seconds: outcome.seconds)
    } catch {
      try Task.checkCancellation()
      if error is CancellationError { throw error }
      return Objection(grade: .failed, answer: nil, thinkingTokens: 0, seconds: 0)
    }
  }

  private func record(_ trace: Trace, _ failure: (any Error)?) throws -> Record {
    var record = Record(
      task: job.key.task, problem: job.key.problem, row: job.key.row, seed: job.key.seed,
      strategy: type(of: strategy).name, grade: .failed, reason: "", gold: job.exercise.gold.description)
    record.settings = Strategies.settings(of: strategy)
    let roles = strategy.needs
    record.small = roles[.small] == nil ? nil : solver.small?.model.name
    record.large = roles[.large] == nil ? nil : solver.large?.model.name
    let statistics = TraceStatistics(trace)
    record.thinkingTokens = statistics.thinkingTokens
    record.handOvers = statistics.handOvers
    record.reflections = statistics.reflections
    record.authorship = Authorship(trace.thoughts)
    if let outcome = trace.outcome {
      record.finish = outcome.finish
      record.isTruncated = outcome.isTruncated
      record.shrunkenBudget = outcome.thinkingBudget.flatMap { $0 < solver.budget.thinkingTokens ? $0 : nil }
      record.usage = outcome.usage
      record.seconds = outcome.seconds
      record.phases = outcome.phases
      if let parts = parts(outcome.usage) {
        record.operations = parts.reduce(0) { $0 + $1.usage.operations(of: $1.shape) }
        record.kinetics = parts.reduce(KineticCost()) { $0 + $1.usage.kineticCost(of: $1.shape, tries: $1.tries) }
      }
    }
    record.selection = trace.selection
    record.selection?.drafts = nil  // they follow, graded
    let drafts = trace.drafts.map(graded)
    record.drafts = drafts.isEmpty ? nil : drafts
    record.marks = trace.marks.isEmpty ? nil : trace.marks
    if let failure {
      // An error may quote the question.
      let code = trace.failureCode ?? "error"
      record.reason = task.benchmark.isConfidential ? code : "\(code): \("\(failure)".oneLine)"
    } else if let outcome = trace.outcome {
      grade(outcome, into: &record)
    }
    return record
  }

  /// What each model did, with its sizes; nil if one of them is not known.
  private func parts(_ usage: Usage) -> [(usage: RoleUsage, shape: ModelShape, tries: Int)]? {
    // What the small model does as a draft is in no usage.
    if row.large?.draft?.needsSmall == true { return nil }
    var parts: [(RoleUsage, ModelShape, Int)] = []
    for (role, participant) in [(Role.small, solver.small), (.large, solver.large)] where strategy.needs[role] != nil {
      guard let model = participant?.model else { return nil }
      // A guide and its base evaluate all that the model does which they steer.
      for part in (model as? LogitArithmetic)?.evaluated ?? [model] {
        guard let shape = part.shape else { return nil }
        parts.append((usage[role], shape, strategy.tries[role] ?? 1))
      }
    }
    return parts
  }

  /// A run that was cut is `truncated`, whatever stands there.
  private func grade(_ outcome: Outcome, into record: inout Record) {
    let judgement = outcome.answer.map { job.exercise.gold.judge($0, by: task.benchmark.policy) }
    let grade = judgement.map { Grade($0.verdict) }
    record.answer = judgement?.answer.flatMap(written)
    record.reason = judgement?.reason ?? "no answer"
    switch outcome.finish {
    case .stop, .toolCalls:
      record.grade = grade ?? .unparsable
    case .length, .budget, .deadline:
      record.grade = .truncated
      record.gradeAfterCut = grade
      record.reason =
        "cut by its \(outcome.finish == .deadline ? "deadline" : "limit of tokens")"
        + (judgement.map { "; what stands there: \($0.reason)" } ?? "")
    case .cancelled, .error:
      record.grade = .failed
      record.reason = outcome.finish.rawValue
    }
  }

  private func graded(_ draft: Draft) -> GradedDraft {
    let judgement = draft.answer.map { job.exercise.gold.judge($0, by: task.benchmark.policy) }
    return GradedDraft(
      tokens: draft.tokens, isComplete: draft.isComplete, grade: judgement.map { Grade($0.verdict) },
      answer: judgement?.answer.flatMap(written))
  }

  /// An answer as a record shows it: a letter at most where the question must not be written down.
  private func written(_ answer: String) -> String? {
    if task.benchmark.isConfidential { return answer.count == 1 ? answer : nil }
    return String(answer.prefix(2000))
  }
}

extension Grade {
  fileprivate init(_ verdict: Judgement.Verdict) {
    self =
      switch verdict {
      case .correct: .correct
      case .wrong: .wrong
      case .unparsable: .unparsable
      }
  }
}

extension Trace {
  fileprivate var failureCode: String? {
    events.lazy.compactMap { if case .failed(let code, _) = $0 { code } else { nil } }.first
  }
}

extension String {
  fileprivate var oneLine: String { String(split(whereSeparator: \.isNewline).joined(separator: " ").prefix(500)) }
}
