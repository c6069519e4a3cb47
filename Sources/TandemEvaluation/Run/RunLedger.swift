import Tandem

/// The jobs of a run that are done.
actor RunLedger {
  private(set) var progress = EvaluationProgress()
  private var records: [Record.Key: Record] = [:]
  private let started = ContinuousClock.now

  init(total: Int, records: [Record]) {
    progress.total = total
    for record in records {
      self.records[record.key] = record
      progress.count(record)
    }
  }

  /// The jobs that have no record, or one that failed.
  func left(of jobs: [Runner.Job]) -> [Runner.Job] {
    jobs.filter { records[$0.key].map { $0.grade == .failed } ?? true }
  }

  func add(_ record: Record) -> EvaluationProgress {
    if let earlier = records.updateValue(record, forKey: record.key) {
      progress.done -= 1
      progress.failed -= earlier.grade == .failed ? 1 : 0
    }
    progress.count(record)
    progress.doneNow += 1
    progress.tokensNow += record.usage.small.sampled + record.usage.large.sampled
    progress.secondsNow = started.duration(to: .now) / .seconds(1)
    return progress
  }

  /// What a row has cost on a task so far.
  func usage(task: String, row: String) -> Usage {
    records.values.reduce(into: Usage()) { sum, record in
      if record.task == task, record.row == row, record.grade != .failed { sum = sum + record.usage }
    }
  }
}
