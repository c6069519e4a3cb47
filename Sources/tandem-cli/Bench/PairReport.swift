import Foundation
import Tandem
import TandemCommandLine

/// What the rounds of a bench of a pair have shown.
struct PairReport {
  let small: String
  let large: String
  let threads: Int
  let rounds: Int
  let schedule: WritingSchedule
  var rows: [Row]

  struct Row {
    let name: String
    let settings: [String: Setting]
    private(set) var results: [PairBench.Result] = []
    /// Why it could not be run.
    var fault: String?

    init(_ row: PairBenchRow) {
      name = row.name
      settings = Strategies.settings(of: row.strategy)
    }

    mutating func add(_ result: PairBench.Result) { results.append(result) }

    /// The round whose time is the median.
    var median: PairBench.Result? {
      results.isEmpty ? nil : results.sorted { $0.seconds < $1.seconds }[results.count / 2]
    }

    /// The median of the times over those of `other` in the same rounds.
    func ratio(to other: Row) -> Double? {
      let ratios = zip(results, other.results).map { $0.seconds / $1.seconds }.sorted()
      return ratios.isEmpty ? nil : ratios[ratios.count / 2]
    }
  }

  init(
    small: String, large: String, _ threads: Int, _ rounds: Int, _ schedule: WritingSchedule, _ rows: [PairBenchRow]
  ) {
    (self.small, self.large, self.threads, self.rounds) = (small, large, threads, rounds)
    self.schedule = schedule
    self.rows = rows.map(Row.init)
  }

  private var largeOnly: Row? { rows.first { $0.name == LargeOnly.name } }

  // MARK: - For people

  var text: StyledText {
    let lengths = schedule.thoughts.map { "\($0)" }.joined(separator: ", ")
    var text = StyledText(
      "small \(small), large \(large); \(threads) compute thread\(threads == 1 ? "" : "s"); \(rounds) "
        + "round\(rounds == 1 ? "" : "s"); a schedule of \(schedule.thinking) tokens of thinking in thoughts of "
        + "\(lengths), and \(schedule.answer) of the answer\n\n", .dim)
    text += costs.text + "\n" + seconds.text
    for row in rows {
      if let fault = row.fault { text += StyledText("\n\(row.name) was not run: \(fault)\n") }
    }
    return text
  }

  private var costs: Table {
    var table = Table(
      [
        "tokens by model", "seconds", "least", "most", "× large", "small wrote", "read", "large wrote", "read",
        "in vain",
      ],
      rightAligned: Set(1...9))
    for row in rows {
      guard let median = row.median else { continue }
      let all = row.results.map(\.seconds)
      let ratio = largeOnly.flatMap { row.ratio(to: $0) }
      let (small, large) = (median.work[.small], median.work[.large])
      let counts = [small?.written, small?.read, large?.written, large?.read, large?.rejected].map { "\($0 ?? 0)" }
      table.add(
        [
          row.name, median.seconds.digits(2), (all.min() ?? 0).digits(2), (all.max() ?? 0).digits(2),
          ratio?.digits(2) ?? "",
        ]
          + counts)
    }
    return table
  }

  /// The seconds of each kind of work, without columns in which nothing stands.
  private var seconds: Table {
    let shown = rows.compactMap { row in row.median.map { (row.name, $0) } }
    let columns = Role.allCases.flatMap { role in CallKind.allCases.map { (role, $0) } }.filter { role, kind in
      shown.contains { $0.1.work[role]?.seconds[kind] ?? 0 >= 0.0005 }
    }
    var table = Table(
      ["seconds by model"] + columns.map { "\($0.rawValue) \($1.rawValue)" } + ["other"],
      rightAligned: Set(1...columns.count + 1))
    for (name, result) in shown {
      let cells = columns.map { role, kind in
        let value = result.work[role]?.seconds[kind] ?? 0
        return value < 0.0005 ? "" : value.digits(3)
      }
      table.add([name] + cells + [result.idle.digits(3)])
    }
    return table
  }

  // MARK: - For programs

  struct Summary: Encodable {
    let small: String
    let large: String
    let threads: Int
    let schedule: WritingSchedule
    let rows: [Row]

    struct Row: Encodable {
      let strategy: String
      let settings: [String: Setting]
      let seconds: [Double]
      /// Of the rounds, over large-only's; nil without that row.
      let ratio: Double?
      /// Of the round whose time is the median.
      let work: [String: Work]
      let other: Double?
      let fault: String?
    }

    struct Work: Encodable {
      let written: Int
      let read: Int
      let rejected: Int
      let seconds: [String: Double]
    }
  }

  var summary: Summary {
    Summary(
      small: small, large: large, threads: threads, schedule: schedule,
      rows: rows.map { row in
        let work = (row.median?.work ?? [:]).map { role, work in
          let seconds = Dictionary(uniqueKeysWithValues: work.seconds.map { ($0.rawValue, $1) })
          return (
            role.rawValue,
            Summary.Work(written: work.written, read: work.read, rejected: work.rejected, seconds: seconds)
          )
        }
        return Summary.Row(
          strategy: row.name, settings: row.settings, seconds: row.results.map(\.seconds),
          ratio: largeOnly.flatMap { row.ratio(to: $0) }, work: Dictionary(uniqueKeysWithValues: work),
          other: row.median?.idle, fault: row.fault)
      })
  }
}
