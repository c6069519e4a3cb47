import Foundation

/// The few shapes that plots are made of. Colours are the style sheet's: see `PlotStyle`.
enum SVG {
  static func number(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.replacing(/\.?0+$/, with: "")
  }

  static func line(_ style: String, _ from: PlotPoint, _ to: PlotPoint) -> Markup {
    .element(
      "line",
      ["class": style, "x1": number(from.x), "y1": number(from.y), "x2": number(to.x), "y2": number(to.y)])
  }

  static func path(_ style: String, _ points: [PlotPoint]) -> Markup {
    .element(
      "polyline",
      ["class": style, "points": points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")])
  }

  static func rectangle(_ style: String, _ place: PlotPoint, _ size: PlotPoint, title: String = "") -> Markup {
    .element(
      "rect",
      [
        "class": style, "x": number(place.x), "y": number(place.y), "width": number(size.x), "height": number(size.y),
      ],
      title.isEmpty ? [] : [.element("title", [:], title)])
  }

  static func text(_ place: PlotPoint, _ text: String, _ style: String, anchor: String = "start") -> Markup {
    .element(
      "text", ["class": style, "x": number(place.x), "y": number(place.y), "text-anchor": anchor], text)
  }

  /// The mark of the `series`-th row: its shape tells it where its colour does not.
  static func marker(_ place: PlotPoint, series: Int, title: String = "") -> Markup {
    let (x, y) = (place.x, place.y)
    let corners: [(Double, Double)] =
      switch series % 4 {
      case 0: []
      case 1: [(-4, -4), (4, -4), (4, 4), (-4, 4)]
      case 2: [(0, -5.5), (5.2, 4), (-5.2, 4)]
      default: [(0, -6), (6, 0), (0, 6), (-6, 0)]
      }
    let children: [Markup] = title.isEmpty ? [] : [.element("title", [:], title)]
    let style = "marker \(PlotStyle.series(series))"
    guard !corners.isEmpty else {
      return .element("circle", ["class": style, "cx": number(x), "cy": number(y), "r": "4.5"], children)
    }
    let points = corners.map { "\(number(x + $0.0)),\(number(y + $0.1))" }.joined(separator: " ")
    return .element("polygon", ["class": style, "points": points], children)
  }
}

/// An estimate of how wide text is: the reader's font is not known when the SVG is written.
enum TextWidth {
  static func of(_ text: String, _ fontSize: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + fontSize * ems($1) }
  }

  /// Of the widest common sans serif; East Asian characters and emoji are square.
  private static func ems(_ scalar: Unicode.Scalar) -> Double {
    if scalar.value >= 0x1100 && scalar != "\u{202F}" || "%@mwMW".unicodeScalars.contains(scalar) { return 1 }
    return "il.,:;|!' \u{202F}".unicodeScalars.contains(scalar) ? 0.36 : 0.63
  }

  /// The text, or its two ends if it is longer than `limit` characters.
  static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let head = (limit - 1) * 2 / 3
    return "\(text.prefix(head))…\(text.suffix(limit - 1 - head))"
  }
}
