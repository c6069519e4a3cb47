/// The records of one row on one task, or on several: what the numbers of a row are made of.
struct RowRecords: Sendable {
  /// What the report calls the row.
  var label: String
  /// The runs that it is from.
  var runs: [String]
  /// Its jobs; more than `records` while a run is unfinished.
  var jobs: Int
  /// nil if the tasks are several.
  var conditions: ComparedConditions?
  private(set) var records: [Record]
  /// Those that did not fail: all numbers but the count of failures are of these.
  private(set) var graded: [Record]
  private let byKey: [RunKey: Record]

  /// What pairs a record with that of another row.
  struct RunKey: Hashable {
    let problem: ProblemKey
    let seed: UInt64
  }

  /// Problems of different tasks may have one id.
  struct ProblemKey: Hashable {
    let task: String
    let problem: String
  }

  init(
    label: String, runs: [String], jobs: Int, conditions: ComparedConditions?, records: [Record]
  ) {
    self.label = label
    self.runs = runs
    self.jobs = jobs
    self.conditions = conditions
    self.records = records
    graded = records.filter { $0.grade != .failed }
    byKey = Dictionary(graded.map { ($0.runKey, $0) }) { first, _ in first }
  }

  /// The graded records by problem, in the order of the problems' first records.
  var byProblem: [[Record]] { Self.grouped(graded) { $0.problemKey } }

  var accuracy: Double? {
    graded.isEmpty ? nil : Double(graded.count { $0.grade == .correct }) / Double(graded.count)
  }

  /// Whether all of its tokens are of one model.
  var isSingleModel: Bool { records.allSatisfy { ($0.small == nil) != ($0.large == nil) } }

  var isLargeOnly: Bool { isSingleModel && records.allSatisfy { $0.large != nil } }

  /// Records of the same problem and seed, neither of them failed, by problem.
  func pairs(with other: Self) -> [[(own: Record, other: Record)]] {
    let pairs = graded.compactMap { record in other.byKey[record.runKey].map { (own: record, other: $0) } }
    return Self.grouped(pairs) { $0.own.problemKey }
  }

  /// Adds up rows of one label on several tasks.
  static func pooled(_ parts: [Self]) -> Self? {
    guard let first = parts.first else { return nil }
    let runs = parts.flatMap(\.runs).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return Self(
      label: first.label, runs: runs, jobs: parts.reduce(0) { $0 + $1.jobs }, conditions: nil,
      records: parts.flatMap(\.records))
  }

  private static func grouped<Value>(_ values: [Value], by key: (Value) -> ProblemKey) -> [[Value]] {
    var places: [ProblemKey: Int] = [:]
    var groups: [[Value]] = []
    for value in values {
      let place = places[key(value)] ?? groups.count
      if place == groups.count { groups.append([]) }
      places[key(value)] = place
      groups[place].append(value)
    }
    return groups
  }
}

extension Record {
  fileprivate var problemKey: RowRecords.ProblemKey { .init(task: task, problem: problem) }
  fileprivate var runKey: RowRecords.RunKey { .init(problem: problemKey, seed: seed) }
}
