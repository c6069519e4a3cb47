import TandemCharts

/// The loss over the tokens of a run, as a page for a browser; of training on pairs, also how these are judged.
package struct LossCurve: Sendable {
  private let points: [TrainingProgress]

  package init(_ points: [TrainingProgress]) { self.points = points }

  package var html: String {
    let body: [Markup] = [.element("h1", [:], "Loss"), .element("p", [:], summary)]
    var figures = [figure("Loss over tokens", "loss") { Double($0.loss) }]
    if points.contains(where: { $0.preference != nil }) {
      figures.append(figure("Pairs whose chosen answer has the larger reward", "share") { $0.preference?.accuracy })
      figures.append(figure("The larger reward minus the other", "reward") { $0.preference?.margin })
    }
    if points.contains(where: { $0.longShare != nil }) {
      figures.append(figure("The share of long thinking", "share") { $0.longShare })
    }
    return ChartPage(title: "Loss", body: body + ChartPage.figures(figures)).html
  }

  private func figure(
    _ title: String, _ unit: String, _ value: (TrainingProgress) -> Double?
  ) -> (title: String, markup: Markup) {
    let values = points.compactMap { point in value(point).map { PlotPoint(Double(point.tokens), $0) } }
    return (title, LinePlot([LinePlot.Series(unit, values).smoothed()], xTitle: "tokens", yTitle: unit).markup)
  }

  private var summary: String {
    guard let last = points.last else { return "No step has been taken yet." }
    return "Step \(last.step) of \(last.steps), \(last.tokens) tokens, loss \((last.loss * 1000).rounded() / 1000), "
      + "\(Int(last.tokensPerSecond)) tokens per second, \(Int(last.tokensPerCPUSecond)) per CPU second."
  }
}
