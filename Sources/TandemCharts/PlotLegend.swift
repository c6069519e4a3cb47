/// Which mark is whose, in as many lines as it takes.
package struct PlotLegend: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package var label: String
    package var series: Int

    package init(_ label: String, series: Int) { (self.label, self.series) = (label, series) }
  }

  package var entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }

  private static let lineHeight = 17.0

  func height(_ width: Double) -> Double {
    entries.isEmpty ? 0 : (places(width).last?.y ?? 0) + Self.lineHeight - 5
  }

  func markup(_ width: Double) -> [Markup] {
    zip(entries, places(width)).map { entry, place in
      .element(
        "g", ["class": "legend"],
        [
          SVG.marker(PlotPoint(place.x, place.y - 4), series: entry.series, title: entry.label),
          SVG.text(PlotPoint(place.x + 10, place.y), shown(entry), "label"),
        ])
    }
  }

  private func shown(_ entry: Entry) -> String { TextWidth.shortened(entry.label, to: 44) }

  private func places(_ width: Double) -> [PlotPoint] {
    var (x, y) = (8.0, 14.0)
    return entries.map { entry in
      let length = 24 + TextWidth.of(shown(entry), PlotFrame.fontSize)
      if x > 8, x + length > width { (x, y) = (8, y + Self.lineHeight) }
      defer { x += length }
      return PlotPoint(x, y)
    }
  }
}
