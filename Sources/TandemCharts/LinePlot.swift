/// Curves over a common axis, such as losses over steps.
package struct LinePlot: Sendable, Hashable {
  package struct Series: Sendable, Hashable {
    package var label: String
    /// By ascending x. Where a number is not finite, the line is broken.
    package var points: [PlotPoint]

    package init(_ label: String, _ points: [PlotPoint]) { (self.label, self.points) = (label, points) }

    /// The means of at most `count` runs of neighbouring points, all of the same length: single steps of a training
    /// jump.
    package func smoothed(to count: Int = 200) -> Self {
      let length = (points.count + count - 1) / count
      guard length > 1 else { return self }
      let means = stride(from: 0, to: points.count, by: length).map { start in
        let part = points[start..<min(start + length, points.count)]
        let size = Double(part.count)
        return PlotPoint(part.reduce(0) { $0 + $1.x } / size, part.reduce(0) { $0 + $1.y } / size)
      }
      return Self(label, means)
    }
  }

  package var frame: PlotFrame
  package var series: [Series]
  /// Whether each point has a mark; without, for many points.
  package var hasMarkers: Bool

  package init(
    _ series: [Series], x: Axis? = nil, xTitle: String = "", y: Axis? = nil, yTitle: String = "",
    hasMarkers: Bool = false
  ) {
    self.series = series
    self.hasMarkers = hasMarkers
    let points = series.flatMap(\.points)
    let legend = series.enumerated().map { PlotLegend.Entry($1.label, series: $0) }
    frame = PlotFrame(
      x: x ?? Axis(xTitle, covering: points.map(\.x)), y: y ?? Axis(yTitle, covering: points.map(\.y)),
      legend: PlotLegend(series.count > 1 ? legend : []))
    frame.height += frame.legend.height(frame.width)
  }

  package var markup: Markup {
    let marks = series.enumerated().flatMap { index, series in
      let parts = series.points.split { !$0.x.isFinite || !$0.y.isFinite }.map { $0.map { frame.place($0.x, $0.y) } }
      let lines = parts.map { SVG.path("curve \(PlotStyle.series(index))", $0) }
      // A point between two gaps has no line to be seen by.
      let marked = parts.filter { hasMarkers || $0.count == 1 }.flatMap(\.self)
      return lines + marked.map { SVG.marker($0, series: index, title: series.label) }
    }
    let names = series.map(\.label).joined(separator: ", ")
    return frame.markup(marks, description: "\(frame.y.title) over \(frame.x.title): \(names)")
  }
}
