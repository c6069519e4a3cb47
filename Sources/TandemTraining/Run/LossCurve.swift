/// The loss over the tokens of a run as a page that needs nothing but a browser, in its light or dark colours.
package struct LossCurve: Sendable {
  private let points: [TrainingProgress]

  package init(_ points: [TrainingProgress]) { self.points = points }

  package var html: String {
    let losses = points.map { (x: Double($0.tokens), y: Double($0.loss)) }
    return """
      <!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
      <title>Loss</title><style>
      body { font: 14px system-ui, sans-serif; margin: 2em auto; max-width: 60em; color: CanvasText; background: Canvas }
      svg { width: 100%; height: auto } .grid { stroke: currentColor; opacity: .15 }
      h2 { font-size: 1em } text { fill: currentColor; font-size: 12px }
      .c0 { fill: none; stroke: light-dark(#0b62c4, #7ab8ff); stroke-width: 2 }
      </style><h1>Loss</h1><p>\(summary)</p>
      \(CurveChart(title: "Loss over tokens", curves: [.init(name: "", points: losses)]).html)
      </html>

      """
  }

  private var summary: String {
    guard let last = points.last else { return "No step was taken yet." }
    return "Step \(last.step) of \(last.steps), \(last.tokens) tokens, loss \(CurveChart.text(Double(last.loss))), "
      + "\(Int(last.tokensPerSecond)) tokens per second, \(Int(last.tokensPerCPUSecond)) per CPU second."
  }
}
