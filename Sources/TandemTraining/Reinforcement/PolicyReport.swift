import TandemCharts
import TandemRewards

/// The curves of a run of reinforcement as a page for a browser.
struct PolicyReport: Sendable {
  let lines: [PolicyProgress]

  init(_ lines: [PolicyProgress]) { self.lines = lines }

  var html: String {
    let body: [Markup] = [.element("h1", [:], "Reinforcement"), .element("p", [:], summary)]
    return ChartPage(title: "Reinforcement", body: body + ChartPage.figures(charts)).html
  }

  private var summary: String {
    guard let last = lines.last else { return "No step has been taken yet." }
    let seconds = lines.map(\.seconds)
    func share(_ part: (PolicyProgress.Seconds) -> Double) -> Int {
      let total = seconds.reduce(0) { $0 + $1.sum }
      return Int((100 * seconds.reduce(0) { $0 + part($1) } / max(total, 1e-9)).rounded())
    }
    return "Step \(last.step) of \(last.steps), \(last.completions) completions, \(last.tokens) tokens. Time: "
      + "\(share(\.sampling)) % sampling, \(share(\.logProbabilities)) % log-probabilities, \(share(\.update)) % update."
  }

  private var charts: [(title: String, markup: Markup)] {
    func plot(_ title: String, _ unit: String, _ series: [LinePlot.Series]) -> (title: String, markup: Markup) {
      (title, LinePlot(series.map { $0.smoothed() }, xTitle: "step", yTitle: unit).markup)
    }
    func one(
      _ title: String, _ unit: String, _ value: (PolicyProgress) -> Double
    ) -> (title: String, markup: Markup) {
      plot(title, unit, [.init(title, lines.map { PlotPoint(Double($0.step), value($0)) })])
    }
    func byLevel(
      _ title: String, _ unit: String, _ value: (PolicyProgress.Level) -> Double
    ) -> (title: String, markup: Markup) {
      plot(
        title, unit,
        LengthLevel.allCases.map { level in
          .init(
            level.rawValue,
            lines.compactMap { line in line.levels[level].map { PlotPoint(Double(line.step), value($0)) } })
        })
    }
    return [
      byLevel("Mean length by level", "tokens", \.length), byLevel("Accuracy by level", "accuracy", \.accuracy),
      one("Reward", "reward", \.reward), one("Mean length", "tokens", \.length),
      one("Accuracy", "accuracy", \.accuracy), one("Entropy", "nats", \.entropy),
      one("Divergence from the reference", "nats per token", \.divergence),
      one("Groups whose completions all earn the same", "share", \.equalGroups),
      one("Norm of the gradient", "norm") { Double($0.gradientNorm) },
      one("Sampling speed", "tokens per second", \.sampledPerSecond),
    ]
  }
}
