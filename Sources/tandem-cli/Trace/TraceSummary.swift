import Tandem
import TandemCommandLine

/// Several runs summed up: lengths and repetition by outcome, and how likely their stops were.
struct TraceSummary: Encodable {
  let runs: Int
  /// Runs whose answer a program found right; nil if it can check none.
  let right: Group?
  let wrong: Group?
  let all: Group?
  let stops: StopStatistics
  /// How much the thinking revealed about the answer from one look at it to the next: the mean over all looks of all runs,
  /// in bits; nil if no run looked twice.
  var informationGain: Double?
  /// How far the thinking about each problem is from a reference's; nil without a reference.
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

  /// - Parameter traces: At least one, each with whether its answer is right, if that is known.
  init(_ traces: [(statistics: TraceStatistics, isRight: Bool?)]) {
    runs = traces.count
    right = Group(traces.filter { $0.isRight == true }.map(\.statistics))
    wrong = Group(traces.filter { $0.isRight == false }.map(\.statistics))
    all = Group(traces.map(\.statistics))
    stops = traces.reduce(StopStatistics()) { $0 + $1.statistics.stops }
  }

  var text: StyledText {
    var table = Table(["", "runs", "tokens of thinking", "repeated"], rightAligned: [1, 2, 3])
    for (name, group) in [("right", right), ("wrong", wrong), ("all", all)] {
      guard let group else { continue }
      table.add([
        name, "\(group.runs)", group.thinkingTokens.digits(0),
        group.repetition?.percent() ?? "",
      ])
    }
    let gain = informationGain.map {
      "information gained from each look at the answers to the next: \($0.digits(3)) bits\n"
    }
    return table.text + (stops.text ?? "") + (gain ?? "") + (informationBias?.text ?? "")
  }
}

extension [InformationBias] {
  /// Two lines: what they are on average, and the problem that is the farthest away.
  fileprivate var text: String {
    guard let worst = self.max(by: { $0.bias < $1.bias }) else {
      return "information bias: no problem has two traces on each side\n"
    }
    func mean(_ value: (InformationBias) -> Double) -> String {
      (reduce(0) { $0 + value($1) } / Double(count)).digits(3)
    }
    // It is scaled by what other problems have.
    guard count > 1 else {
      return "information bias: one problem alone has none; dependence \(worst.dependence.digits(3))\n"
    }
    return "information bias over \(count) problems: \(mean { $0.bias }), dependence \(mean { $0.dependence })\n"
      + "the largest is \(worst.bias.digits(3)): \(worst.question)\n"
  }
}

extension StopStatistics {
  /// A line or two; nil where nothing was read.
  var text: String? {
    guard readings > 0 else { return nil }
    func percent(_ count: Int, of whole: Int) -> String { (Double(count) / Double(whole)).percent() }
    var lines = "end of thinking after \(readings) blank lines: likeliest at \(percent(likeliest, of: readings)), "
    lines += "among the five likeliest at \(percent(amongFive, of: readings)), "
    lines += "mean probability \((probability / Double(readings)).digits(3))\n"
    if tokens > 0 { lines += "its logit is below 0 at \(percent(negative, of: tokens)) of the tokens of thinking\n" }
    return lines
  }
}
