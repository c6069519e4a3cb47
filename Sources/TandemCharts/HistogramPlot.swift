/// How the values of several kinds are distributed: the first kind above the axis, the others below it, stacked.
package struct HistogramPlot: Sendable, Hashable {
  package struct Kind: Sendable, Hashable {
    package var label: String
    package var values: [Double]

    package init(_ label: String, _ values: [Double]) { (self.label, self.values) = (label, values) }
  }

  package var frame: PlotFrame
  package var kinds: [Kind]
  private let edges: [Double]

  /// - Parameter domain: Values that lie on the axis besides `kinds`, so that several histograms have the same axis.
  package init(_ kinds: [Kind], x: String, y: String, domain: [Double] = []) {
    self.kinds = kinds
    let axis = Axis(x, covering: kinds.flatMap(\.values) + domain, includesZero: true)
    let edges = Self.edges(axis)
    self.edges = edges
    let counts = kinds.map { Self.counts($0.values, edges) }
    let above = counts.first?.max() ?? 0
    let below = edges.indices.dropLast().map { bin in counts.dropFirst().reduce(0) { $0 + $1[bin] } }.max() ?? 0
    let legend = kinds.enumerated().map { index, kind in
      PlotLegend.Entry("\(kind.label) (\(kind.values.count))", series: index)
    }
    frame = PlotFrame(
      x: axis, y: Axis(y, covering: [Double(above), -Double(below)], format: .count, includesZero: true),
      legend: PlotLegend(legend), height: 240)
    frame.height += frame.legend.height(frame.width)
  }

  package var markup: Markup {
    var marks: [Markup] = []
    var depth = [Double](repeating: 0, count: max(edges.count - 1, 0))
    for (index, kind) in kinds.enumerated() {
      for (bin, count) in Self.counts(kind.values, edges).enumerated() where count > 0 {
        let (from, to) = index == 0 ? (Double(count), 0) : (-depth[bin], -depth[bin] - Double(count))
        let corner = frame.place(edges[bin], from)
        let opposite = frame.place(edges[bin + 1], to)
        let title = "\(kind.label): \(count) from \(SVG.number(edges[bin])) to \(SVG.number(edges[bin + 1]))"
        marks.append(
          SVG.rectangle(
            "bar \(PlotStyle.series(index))", PlotPoint(corner.x + 0.5, corner.y),
            PlotPoint(max(opposite.x - corner.x - 1, 1), opposite.y - corner.y), title: title))
        if index > 0 { depth[bin] += Double(count) }
      }
    }
    let zero = SVG.line("axis", frame.place(frame.x.domain.lowerBound, 0), frame.place(frame.x.domain.upperBound, 0))
    let words = kinds.map { "\($0.label) \($0.values.count)" }.joined(separator: ", ")
    return frame.markup(marks + [zero], description: "\(frame.x.title): \(words)")
  }

  /// About 20 bins, which end at the ticks or divide the steps between them evenly.
  private static func edges(_ axis: Axis) -> [Double] {
    let steps = axis.ticks.count - 1
    let each = max(1, (20 / Double(steps)).rounded())
    let width = (axis.ticks[1] - axis.ticks[0]) / each
    return (0...steps * Int(each)).map { axis.ticks[0] + Double($0) * width }
  }

  /// How many values lie in each bin; the last holds its upper end too.
  static func counts(_ values: [Double], _ edges: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: max(edges.count - 1, 0))
    guard let first = edges.first, edges.count > 1 else { return counts }
    let width = edges[1] - first
    for value in values where value.isFinite && value >= first {
      counts[min(Int((value - first) / width), counts.count - 1)] += 1
    }
    return counts
  }
}
