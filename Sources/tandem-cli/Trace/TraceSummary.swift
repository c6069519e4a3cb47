import Tandem
import TandemCommandLine

/// What several runs come to together: lengths and repetition by how they ended, and the odds of their stops.
struct TraceSummary: Encodable {
  let runs: Int
  /// Runs whose answer a program found right; nil where it can check none.
  let right: Group?
  let wrong: Group?
  let all: Group?
  let stops: StopStatistics
  /// How much the thinking told about the answer from one look at it to the next: the mean over all looks of all runs, in
  /// bits; nil where no run looked twice.
  var informationGain: Double?
  /// How far the thinking about each problem is from a reference's, where there is one.
  var informationBias: [InformationBias]?

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
    let gain = informationGain.map {
      "information gained from each look at the answers to the next: \($0.digits(3)) bits\n"
    }
    return table.lines(console) + (stops.text ?? "") + (gain ?? "") + (informationBias?.text ?? "")
  }
}

extension [InformationBias] {
  /// Two lines: what they are on average, and the problem that is the farthest away.
  fileprivate var text: String {
    guard let worst = self.max(by: { $0.bias < $1.bias }) else {
      return "information bias: no problem has two traces on both sides\n"
    }
    func mean(_ value: (InformationBias) -> Double) -> String {
      (reduce(0) { $0 + value($1) } / Double(count)).digits(3)
    }
    // It is scaled by what other problems have.
    guard count > 1 else {
      return "information bias: one problem alone has none; dependence \(worst.dependence.digits(3))\n"
    }
    return "information bias over \(count) problems: \(mean { $0.bias }), dependence \(mean { $0.dependence })\n"
      + "the most is \(worst.bias.digits(3)): \(worst.question)\n"
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
