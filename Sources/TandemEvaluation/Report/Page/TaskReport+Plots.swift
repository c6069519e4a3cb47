import TandemCharts

extension TaskReport {
  /// The plots that have data.
  var plots: [(title: String, markup: Markup)] {
    var plots: [(title: String, markup: Markup)] = []
    let graded = rows.filter { $0.accuracy != nil }
    if !graded.isEmpty {
      let tokens = scatter(graded, x: "thinking tokens a run") { ($0.thinking.tokens.all ?? 0, $0.thinking.interval) }
      let seconds = scatter(graded, x: "seconds a run") { ($0.time.seconds, $0.time.interval) }
      plots.append(("Accuracy against thinking tokens (95 %; dashed: Pareto frontier)", tokens.markup))
      plots.append(("Accuracy against seconds (95 %; dashed: Pareto frontier)", seconds.markup))
    }
    if !graded.isEmpty, graded.allSatisfy({ $0.time.operations != nil }) {
      let operations = scatter(graded, x: "GFLOP a run") { (($0.time.operations ?? 0) / 1e9, nil) }
      plots.append(("Accuracy against estimated operations (95 %; dashed: Pareto frontier)", operations.markup))
    }
    if let frontier, !frontier.isEmpty {
      let points = frontier.map { ScatterPlot.Point($0.label, x: $0.equivalentOperations / 1e9, y: $0.accuracy) }
      let plot = ScatterPlot(points, x: "eGFLOP", y: "accuracy", yFormat: .percent, yBounds: 0...1)
      plots.append(("Which size, how many tokens, how many tries (dashed: Pareto frontier)", plot.markup))
    }
    if let shares { plots.append(("The large model's share of the thinking, by tenths", shares.markup)) }
    let longest = rows.flatMap { $0.thinking.lengths.values.flatMap(\.self) }.max() ?? 0
    for row in graded {
      let histogram = lengths(row, longest: longest)
      guard histogram.kinds.contains(where: { !$0.values.isEmpty }) else { continue }
      // They are as long as their limit: a bar that says nothing and dwarfs all others.
      let cut = row.counts.truncated > 0 ? " (not drawn: \(row.counts.truncated) cut)" : ""
      plots.append(("Lengths: \(row.label)\(cut)", histogram.markup))
    }
    return plots
  }

  private func scatter(
    _ rows: [RowReport], x: String, _ value: (RowReport) -> (Double, Interval?)
  ) -> ScatterPlot {
    let points = rows.compactMap { row -> ScatterPlot.Point? in
      guard let accuracy = row.accuracy else { return nil }
      let (x, interval) = value(row)
      // By problem if there is one: it holds with several seeds too.
      return .init(
        row.label, x: x, y: accuracy.value, xRange: interval?.range,
        yRange: (accuracy.bootstrap ?? accuracy.wilson).range)
    }
    return ScatterPlot(points, x: x, y: "accuracy", yFormat: .percent, yBounds: 0...1)
  }

  /// Of the rows in which both models think; nil if there is none.
  private var shares: LinePlot? {
    let mixed = rows.filter { $0.thinking.small > 0 && $0.thinking.large > 0 }
    guard !mixed.isEmpty else { return nil }
    let series = mixed.map { row in
      LinePlot.Series(
        row.label,
        row.thinking.largeShareByTenth.enumerated().map { bin, share in
          PlotPoint((Double(bin) + 0.5) / 10, share ?? .nan)
        })
    }
    var plot = LinePlot(
      series, x: Axis("position in the thinking", covering: [0, 1], format: .percent),
      y: Axis("large model's share", covering: [0, 1], format: .percent), hasMarkers: true)
    if series.count == 1 { plot.frame.y.title = "large model's share: \(series[0].label)" }
    return plot
  }

  private func lengths(_ row: RowReport, longest: Int) -> HistogramPlot {
    let kinds = [Grade.correct, .wrong, .unparsable].map { grade in
      HistogramPlot.Kind(grade.rawValue, (row.thinking.lengths[grade.rawValue] ?? []).map(Double.init))
    }
    return HistogramPlot(
      kinds, x: "thinking tokens", y: "runs, correct ones upwards", domain: [Double(longest)])
  }
}

extension Interval {
  /// A bootstrap's ends never cross, but for rounding.
  fileprivate var range: ClosedRange<Double> { min(lower, upper)...max(lower, upper) }
}
