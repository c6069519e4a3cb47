import Tandem
import TandemTasks

extension RowReport {
  /// Counts a row.
  ///
  /// - Parameters:
  ///   - largeOnly: The row against which the large model's tokens are saved.
  ///   - intensity: Operations that the device makes while it reads a byte, for `Time.equivalentOperations`.
  init(
    _ row: RowRecords, largeOnly: RowRecords?, prices: PriceTable?, intensity: Double? = nil, _ bootstrap: Bootstrap
  ) {
    let records = row.graded
    label = row.label
    strategy = row.records.first?.strategy ?? ""
    settings = row.settings
    let defaults = Self.defaults(strategy)
    changedSettings = row.settings.filter { defaults[$0.key] != $0.value }
    small = row.records.first?.small
    large = row.records.first?.large
    runs = row.runs
    conditions = row.conditions
    counts = Counts(row)
    let byProblem = row.byProblem
    problems = byProblem.count
    accuracy = row.accuracy.map { value in
      Accuracy(
        value: value, wilson: .wilson(successes: records.count { $0.grade == .correct }, trials: records.count),
        bootstrap: bootstrap.interval(
          ofMean: byProblem.map { .init(sum: Double($0.count { $0.grade == .correct }), count: $0.count) }))
    }
    votes = Votes.all(byProblem)
    thinking = Thinking(row, largeOnly: largeOnly, bootstrap)
    time = Time(
      seconds: records.isEmpty ? 0 : records.reduce(0) { $0 + $1.seconds } / Double(records.count),
      interval: bootstrap.interval(ofMean: byProblem.map { .init($0.map { $0.seconds }) }),
      busySeconds: records.allSatisfy { $0.startedAt > 0 }
        ? BusyTime.seconds(records.map { ($0.startedAt, $0.seconds) }) : nil,
      phases: records.reduce(into: [:]) { means, record in
        for (phase, seconds) in record.phases ?? [:] {
          means[phase.rawValue, default: 0] += seconds / Double(records.count)
        }
      },
      operations: records.isEmpty || records.contains { $0.operations == nil }
        ? nil : records.reduce(0) { $0 + ($1.operations ?? 0) } / Double(records.count))
    if !records.isEmpty, records.allSatisfy({ $0.kinetics != nil }) {
      let mean = records.reduce(KineticCost()) { $0 + ($1.kinetics ?? .init()) } / Double(records.count)
      time.kinetics = mean
      time.equivalentOperations = intensity.map { mean.equivalentOperations(intensity: $0) }
    }
    let served = ServedReport.all(records)
    self.served = served.isEmpty ? nil : served
    cost = prices.map { Cost(records, $0) }
    reflections = Reflections(
      correctSum: records.reduce(0) { $0 + ($1.grade == .correct ? $1.reflections : 0) },
      otherSum: records.reduce(0) { $0 + ($1.grade == .correct ? 0 : $1.reflections) },
      means: OutcomeMeans(records) { $0.reflections })
    handOvers = records.reduce(into: [:]) { means, record in
      for (reason, count) in record.handOvers {
        means[reason.rawValue, default: 0] += Double(count) / Double(records.count)
      }
    }
    drafts = DraftReport(records)
    objections = ObjectionReport(records)
    if row.conditions?.values["perturbation"] == Perturbation.missingData.rawValue, !records.isEmpty {
      let completed = records.count { $0.reason == Judgement.completedFromMemory }
      memoryCompletionRate = Double(completed) / Double(records.count)
    }
  }
}

extension RowReport {
  /// None for a strategy that this program does not have: then all settings are shown.
  private static func defaults(_ strategy: String) -> [String: Setting] {
    guard let type = try? Strategies.named(strategy) else { return [:] }
    return Strategies.settings(of: type.init())
  }
}

extension RowRecords {
  /// Those that all records have alike.
  fileprivate var settings: [String: Setting] {
    (records.first?.settings ?? [:]).filter { key, value in records.allSatisfy { $0.settings[key] == value } }
  }
}

extension RowReport.Counts {
  fileprivate init(_ row: RowRecords) {
    func count(_ grade: Grade) -> Int { row.records.count { $0.grade == grade } }
    let shrunken = row.records.count { $0.shrunkenBudget != nil }
    self.init(
      jobs: row.jobs, done: row.records.count, correct: count(.correct), wrong: count(.wrong),
      truncated: count(.truncated), unparsable: count(.unparsable), failed: count(.failed),
      rightAfterCut: row.records.count { $0.grade == .truncated && $0.gradeAfterCut == .correct },
      shrunken: shrunken > 0 ? shrunken : nil)
  }
}

extension RowReport.Cost {
  fileprivate init(_ records: [Record], _ prices: PriceTable) {
    total = prices.cost(records.reduce(Usage()) { $0 + $1.usage })
    perRun = records.isEmpty ? 0 : total / Double(records.count)
    let correct = records.count { $0.grade == .correct }
    perCorrect = correct > 0 ? total / Double(correct) : nil
  }
}

extension RowReport.Votes {
  /// For all k that every problem has runs for.
  fileprivate static func all(_ byProblem: [[Record]]) -> [Self] {
    let ks = PassAtK.columns(upTo: byProblem.map(\.count).min() ?? 0)
    return ks.map { k in
      let pass = byProblem.map { runs in
        PassAtK.estimate(answers: runs.count, correct: runs.count { $0.grade == .correct }, k: k)
      }
      let majority = byProblem.map { runs in
        let correct = runs.count { $0.grade == .correct }
        let others = runs.compactMap { $0.grade == .wrong ? $0.answer : nil }
        return MajorityAtK.estimate(
          correct: correct, others: Array(Dictionary(grouping: others) { $0 }.mapValues(\.count).values),
          abstaining: runs.count - correct - others.count, k: k)
      }
      let problems = Double(byProblem.count)
      return Self(k: k, pass: pass.reduce(0, +) / problems, majority: majority.reduce(0, +) / problems)
    }
  }
}
