/// Points with error bars and labels, and the frontier of those that no other one beats.
package struct ScatterPlot: Sendable, Hashable {
  package struct Point: Sendable, Hashable {
    package var label: String
    package var x: Double
    package var y: Double
    package var xRange: ClosedRange<Double>?
    package var yRange: ClosedRange<Double>?

    package init(
      _ label: String, x: Double, y: Double, xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil
    ) {
      self.label = label
      (self.x, self.y) = (x, y)
      (self.xRange, self.yRange) = (xRange, yRange)
    }
  }

  package var frame: PlotFrame
  package var points: [Point]
  /// Whether the line through the best points is drawn: less of x and more of y is better.
  package var hasFrontier: Bool

  /// - Parameters:
  ///   - yBounds: What the vertical axis never goes beyond, such as 0…1 for shares.
  package init(
    _ points: [Point], x: String, y: String, yFormat: Axis.Format = .number, yBounds: ClosedRange<Double>? = nil,
    hasFrontier: Bool = true
  ) {
    let points = points.filter { $0.x.isFinite && $0.y.isFinite }
    self.points = points
    self.hasFrontier = hasFrontier
    func ends(_ value: Double, _ range: ClosedRange<Double>?) -> [Double] {
      [value] + (range.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    frame = PlotFrame(
      x: Axis(x, covering: points.flatMap { ends($0.x, $0.xRange) }),
      y: Axis(y, covering: points.flatMap { ends($0.y, $0.yRange) }, format: yFormat, bounds: yBounds), height: 320)
  }

  package var markup: Markup {
    let errors = points.enumerated().flatMap { index, point in
      errorBars(point).map { SVG.line("error \(PlotStyle.series(index))", $0.from, $0.to) }
    }
    let markers = points.enumerated().map { index, point in
      SVG.marker(frame.place(point.x, point.y), series: index, title: point.label)
    }
    let line = frontier.isEmpty ? [] : [SVG.path("frontier", frontier)]
    let words = points.map { "\($0.label): \(SVG.number($0.x)), \(SVG.number($0.y))" }.joined(separator: "; ")
    let title = "\(frame.y.title) against \(frame.x.title). \(words)"
    return frame.markup(line + errors + labels + markers, description: title)
  }

  /// A line from left to right, or from top to bottom.
  private typealias Bar = (from: PlotPoint, to: PlotPoint)

  private func errorBars(_ point: Point) -> [Bar] {
    let vertical = point.yRange.map { (frame.place(point.x, $0.upperBound), frame.place(point.x, $0.lowerBound)) }
    let horizontal = point.xRange.map { (frame.place($0.lowerBound, point.y), frame.place($0.upperBound, point.y)) }
    return [vertical, horizontal].compactMap(\.self)
  }

  /// The points that no other one beats.
  private var best: [Int] { ParetoFrontier.indices(points.map { ($0.x, $0.y) }) }

  /// The points with a label: all of a dozen; of more, the best and then the highest. Every marker has its name as a
  /// title.
  private var named: [Int] {
    guard points.count > 12 else { return Array(points.indices) }
    let highest = points.indices.sorted { points[$0].y > points[$1].y }.filter { !best.contains($0) }
    return (best + highest.prefix(max(12 - best.count, 0))).sorted()
  }

  /// The corners of the line; none if a single point is the best.
  private var frontier: [PlotPoint] {
    let best = hasFrontier ? best.map { points[$0] } : []
    guard best.count > 1 else { return [] }
    // Between two points nothing is known to be reached: steps, not slopes.
    let steps = zip(best, best.dropFirst()).flatMap { [frame.place($0.x, $0.y), frame.place($1.x, $0.y)] }
    return steps + best.suffix(1).map { frame.place($0.x, $0.y) }
  }

  private var labels: [Markup] {
    let named = named
    let texts = named.map { TextWidth.shortened(points[$0].label, to: 28) }
    let anchors = zip(named, texts).map { index, text in
      LabelPlacement.Label(
        point: frame.place(points[index].x, points[index].y), width: TextWidth.of(text, PlotFrame.fontSize) + 2,
        height: 14)
    }
    let bounds = LabelPlacement.Box(
      left: frame.left, top: frame.top - 6, width: frame.width - frame.left, height: frame.bottom - frame.top + 2)
    let lines = zip(frontier, frontier.dropFirst()).map { (from: $0, to: $1) } + points.flatMap(errorBars)
    let boxes = LabelPlacement.boxes(anchors, lines: lines.map(box), within: bounds)
    return named.indices.flatMap { place in
      let (box, index) = (boxes[place], named[place])
      let style = "label \(PlotStyle.series(index))"
      let label = SVG.text(PlotPoint(box.left + 1, box.bottom - 3), texts[place], style)
      return leader(from: anchors[place].point, to: box, series: index) + [label]
    }
  }

  /// What a bar covers, with a little room on both sides.
  private func box(_ bar: Bar) -> LabelPlacement.Box {
    let (left, top) = (min(bar.from.x, bar.to.x) - 2, min(bar.from.y, bar.to.y) - 2)
    return LabelPlacement.Box(
      left: left, top: top, width: max(bar.from.x, bar.to.x) + 2 - left, height: max(bar.from.y, bar.to.y) + 2 - top)
  }

  /// A line from the point to a label that is not right beside it.
  private func leader(from point: PlotPoint, to box: LabelPlacement.Box, series: Int) -> [Markup] {
    let near = PlotPoint(min(max(point.x, box.left), box.right), min(max(point.y, box.top), box.bottom))
    let distance = ((near.x - point.x) * (near.x - point.x) + (near.y - point.y) * (near.y - point.y)).squareRoot()
    return distance < 15 ? [] : [SVG.line("leader \(PlotStyle.series(series))", point, near)]
  }
}
