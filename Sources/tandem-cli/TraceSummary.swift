import Tandem

/// What several runs come to together: lengths and repetition by how they ended, and the odds of their stops.
struct TraceSummary: Encodable {
  let runs: Int
  /// Runs whose answer a program found right; nil where it can check none.
  let right: Group?
  let wrong: Group?
  let all: Group?
  let stops: StopStatistics

  /// Means of some of them.
  struct Group: Encodable {
    let runs: Int
    let thinkingTokens: Double
    let repetition: Double?

    init?(_ statistics: [TraceStatistics]) {
      guard !statistics.isEmpty else { return nil }
      runs = statistics.count
      thinkingTokens = Double(statistics.reduce(0) { $0 + $1.thinkingTokens }) / Double(runs)
      let rates = statistics.compactMap(\.repetition)
      repetition = rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
    }
  }

  /// - Parameter traces: At least one, with whether its answer is right where that is known.
  init(_ traces: [(statistics: TraceStatistics, isRight: Bool?)]) {
    runs = traces.count
    right = Group(traces.filter { $0.isRight == true }.map(\.statistics))
    wrong = Group(traces.filter { $0.isRight == false }.map(\.statistics))
    all = Group(traces.map(\.statistics))
    stops = traces.reduce(StopStatistics()) { $0 + $1.statistics.stops }
  }

  func text(_ console: Console) -> String {
    var table = Table(["", "runs", "tokens of thinking", "repeated"], rightAligned: [1, 2, 3])
    for (name, group) in [("right", right), ("wrong", wrong), ("all", all)] {
      guard let group else { continue }
      table.add([
        name, "\(group.runs)", group.thinkingTokens.digits(0),
        group.repetition.map { "\(($0 * 100).digits(1)) %" } ?? "",
      ])
    }
    return table.lines(console) + (stops.text ?? "")
  }
}

extension StopStatistics {
  /// A line or two; nil where nothing was read.
  var text: String? {
    guard readings > 0 else { return nil }
    func percent(_ count: Int, of whole: Int) -> String { "\((Double(count) / Double(whole) * 100).digits(1)) %" }
    var lines = "end of thinking after \(readings) blank lines: likeliest at \(percent(likeliest, of: readings)), "
    lines += "among five at \(percent(amongFive, of: readings)), "
    lines += "mean probability \((probability / Double(readings)).digits(3))\n"
    if tokens > 0 { lines += "its logit is below 0 at \(percent(negative, of: tokens)) of the tokens of thinking\n" }
    return lines
  }
}
