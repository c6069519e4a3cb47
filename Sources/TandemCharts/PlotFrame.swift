import Foundation

/// A place on a page, or a size, in units of the plot.
package struct PlotPoint: Sendable, Hashable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// Axes, grid and titles, and where the data goes between them.
///
/// Sizes are such that a plot can be read as it is on a telephone and at up to about 1.4 times its size.
package struct PlotFrame: Sendable, Hashable {
  package var width: Double
  package var height: Double
  package var x: Axis
  package var y: Axis
  /// Lines of a legend, above the plot.
  package var legend: PlotLegend

  package init(x: Axis, y: Axis, legend: PlotLegend = PlotLegend([]), width: Double = 400, height: Double = 280) {
    self.width = width
    self.height = height
    self.x = x
    self.y = y
    self.legend = legend
  }

  static let fontSize = 12.0

  var left: Double { 12 + (y.ticks.map { TextWidth.of(y.label($0), Self.fontSize) }.max() ?? 0) }
  var right: Double { width - max(10, TextWidth.of(x.label(x.domain.upperBound), Self.fontSize) / 2) }
  var top: Double { 26 + legend.height(width) }
  var bottom: Double { height - 40 }
  package var xScale: LinearScale { LinearScale(domain: x.domain, start: left, end: right) }
  package var yScale: LinearScale { LinearScale(domain: y.domain, start: bottom, end: top) }

  package func place(_ x: Double, _ y: Double) -> PlotPoint { PlotPoint(xScale(x), yScale(y)) }

  /// The plot. `description` is read aloud by screen readers.
  package func markup(_ marks: [Markup], description: String) -> Markup {
    let grid = y.ticks.map { SVG.line("grid", PlotPoint(left, yScale($0)), PlotPoint(right, yScale($0))) }
    let names =
      y.ticks.map { SVG.text(PlotPoint(left - 6, yScale($0) + 4), y.label($0), "tick", anchor: "end") }
      + x.ticks.map { SVG.text(PlotPoint(xScale($0), bottom + 17), x.label($0), "tick", anchor: "middle") }
    let ticks = x.ticks.map { SVG.line("axis", PlotPoint(xScale($0), bottom), PlotPoint(xScale($0), bottom + 4)) }
    let titles = [
      SVG.text(PlotPoint(2, 14 + legend.height(width)), y.title, "title"),
      SVG.text(PlotPoint((left + right) / 2, height - 6), x.title, "title", anchor: "middle"),
    ]
    let axis = SVG.line("axis", PlotPoint(left, bottom), PlotPoint(right, bottom))
    return .element(
      "svg",
      [
        "class": "plot", "role": "img", "aria-label": description,
        "viewBox": "0 0 \(SVG.number(width)) \(SVG.number(height))",
      ],
      [.element("g", ["class": "frame"], grid + ticks + [axis] + names + titles)] + legend.markup(width)
        + [.element("g", ["class": "marks"], marks)])
  }
}
