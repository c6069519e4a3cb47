import FoundationEssentials

/// The loss over the tokens of a run as a page that needs nothing but a browser, in its light or dark colours.
package struct LossCurve: Sendable {
  private let points: [TrainingProgress]

  package init(_ points: [TrainingProgress]) { self.points = points }

  private static let (width, height, margin) = (800.0, 400.0, 56.0)

  package var html: String {
    """
    <!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
    <title>Loss</title><style>
    body { font: 14px system-ui, sans-serif; margin: 2em auto; max-width: 60em; color: CanvasText; background: Canvas }
    svg { width: 100%; height: auto } .grid { stroke: currentColor; opacity: .15 }
    .curve { fill: none; stroke: light-dark(#0b62c4, #7ab8ff); stroke-width: 2 } text { fill: currentColor; font-size: 12px }
    </style><h1>Loss</h1><p>\(summary)</p>
    \(svg)
    </html>

    """
  }

  private var summary: String {
    guard let last = points.last else { return "No step was taken yet." }
    return "Step \(last.step) of \(last.steps), \(last.tokens) tokens, loss \(Self.text(Double(last.loss))), "
      + "\(Int(last.tokensPerSecond)) tokens per second, \(Int(last.tokensPerCPUSecond)) per CPU second."
  }

  private var svg: String {
    let losses = points.map { Double($0.loss) }
    guard let lowest = losses.min(), let highest = losses.max(), let last = points.last else { return "" }
    let (bottom, top) = (min(0, lowest), max(highest, lowest + 1e-3))
    func x(_ tokens: Double) -> Double {
      Self.margin + (Self.width - 2 * Self.margin) * tokens / Double(max(last.tokens, 1))
    }
    func y(_ loss: Double) -> Double {
      Self.height - Self.margin - (Self.height - 2 * Self.margin) * (loss - bottom) / (top - bottom)
    }
    var parts: [String] = []
    for tick in 0...4 {
      let loss = bottom + (top - bottom) * Double(tick) / 4
      let tokens = Double(last.tokens) * Double(tick) / 4
      let (row, column) = (Self.text(y(loss)), Self.text(x(tokens)))
      parts.append(
        """
        <line class="grid" x1="\(Int(Self.margin))" x2="\(Int(Self.width - Self.margin))" y1="\(row)" y2="\(row)"/>
        <text x="\(Int(Self.margin) - 8)" y="\(row)" text-anchor="end" dominant-baseline="middle">\(Self.text(loss))</text>
        <text x="\(column)" y="\(Int(Self.height - Self.margin) + 20)" text-anchor="middle">\(Self.count(tokens))</text>
        """)
    }
    let path = points.map { "\(Self.text(x(Double($0.tokens)))),\(Self.text(y(Double($0.loss))))" }
    return """
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="Loss over tokens">
      \(parts.joined(separator: "\n"))
      <polyline class="curve" points="\(path.joined(separator: " "))"/>
      <text x="\(Int(Self.width / 2))" y="\(Int(Self.height) - 8)" text-anchor="middle">tokens</text>
      </svg>
      """
  }

  private static func text(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let digits = abs(hundredths) % 100
    return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits < 10 ? "0" : "")\(digits)"
  }

  private static func count(_ tokens: Double) -> String {
    tokens >= 1e6 ? "\(text(tokens / 1e6)) M" : tokens >= 1e3 ? "\(text(tokens / 1e3)) k" : "\(Int(tokens))"
  }
}
