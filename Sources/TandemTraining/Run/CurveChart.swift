import FoundationEssentials

/// Some curves over the steps or tokens of a run, as an SVG of their own.
struct CurveChart: Sendable {
  let title: String
  let curves: [Curve]

  struct Curve: Sendable {
    let name: String
    /// Step or token, and value. Drawn as means of up to 200 stretches of the run: single steps jump.
    let points: [(x: Double, y: Double)]
  }

  private static let (width, height, margin) = (560.0, 260.0, 48.0)

  var html: String {
    let named = curves.enumerated().filter { !$1.name.isEmpty }
    let legend = named.map { "<i class=\"c\($0)\"></i>\($1.name)" }.joined()
    return "<section><h2>\(title)\(legend)</h2>\(svg)</section>"
  }

  private var svg: String {
    let smooth = curves.map { Self.means($0.points, 200) }
    let all = smooth.joined()
    guard let last = all.map(\.x).max(), let lowest = all.map(\.y).min(), let highest = all.map(\.y).max() else {
      return "<p>No step has this yet.</p>"
    }
    let (bottom, top) = (min(0, lowest), max(highest, lowest + 1e-6))
    let (inner, outer) = (Self.height - 2 * Self.margin, Self.width - 2 * Self.margin)
    func x(_ step: Double) -> String { Self.text(Self.margin + outer * step / max(last, 1)) }
    func y(_ value: Double) -> String {
      Self.text(Self.height - Self.margin - inner * (value - bottom) / (top - bottom))
    }
    var parts: [String] = []
    for tick in 0...4 {
      let value = bottom + (top - bottom) * Double(tick) / 4
      let step = (last * Double(tick) / 4).rounded()
      parts.append(
        """
        <line class="grid" x1="\(Self.margin)" x2="\(Self.width - Self.margin)" y1="\(y(value))" y2="\(y(value))"/>
        <text x="\(Self.margin - 6)" y="\(y(value))" text-anchor="end" dominant-baseline="middle">\(Self.text(value))</text>
        <text x="\(x(step))" y="\(Self.height - Self.margin + 18)" text-anchor="middle">\(Int(step))</text>
        """)
    }
    for (index, points) in smooth.enumerated() {
      let path = points.map { "\(x($0.x)),\(y($0.y))" }.joined(separator: " ")
      parts.append("<polyline class=\"c\(index)\" points=\"\(path)\"/>")
    }
    return """
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(title)">
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  /// The means of at most `count` stretches of equal length.
  private static func means(_ points: [(x: Double, y: Double)], _ count: Int) -> [(x: Double, y: Double)] {
    let stretch = (points.count + count - 1) / count
    guard stretch > 1 else { return points.filter { $0.y.isFinite } }
    return stride(from: 0, to: points.count, by: stretch).map { start in
      let part = points[start..<min(start + stretch, points.count)]
      let size = Double(part.count)
      return (part.reduce(0) { $0 + $1.x } / size, part.reduce(0) { $0 + $1.y } / size)
    }.filter { $0.1.isFinite }
  }

  /// Three significant digits at most, as many as there is room for.
  static func text(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    var scale = 1.0
    while abs(value) * scale < 100 && scale < 1e6 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
  }
}
