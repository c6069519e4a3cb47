import TandemCharts

/// The loss over the tokens of a run, as a page for a browser.
package struct LossCurve: Sendable {
  private let points: [TrainingProgress]

  package init(_ points: [TrainingProgress]) { self.points = points }

  package var html: String {
    let losses = points.map { PlotPoint(Double($0.tokens), Double($0.loss)) }
    let plot = LinePlot([LinePlot.Series("loss", losses).smoothed()], xTitle: "tokens", yTitle: "loss")
    let body: [Markup] = [.element("h1", [:], "Loss"), .element("p", [:], summary)]
    return ChartPage(title: "Loss", body: body + ChartPage.figures([("Loss over tokens", plot.markup)])).html
  }

  private var summary: String {
    guard let last = points.last else { return "No step has been taken yet." }
    return "Step \(last.step) of \(last.steps), \(last.tokens) tokens, loss \((last.loss * 1000).rounded() / 1000), "
      + "\(Int(last.tokensPerSecond)) tokens per second, \(Int(last.tokensPerCPUSecond)) per CPU second."
  }
}
