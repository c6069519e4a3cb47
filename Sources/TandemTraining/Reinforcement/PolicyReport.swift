/// The curves of a run of reinforcement as a page that needs nothing but a browser.
struct PolicyReport: Sendable {
  let lines: [PolicyProgress]

  init(_ lines: [PolicyProgress]) { self.lines = lines }

  var html: String {
    """
    <!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
    <title>Reinforcement</title><style>
    body { font: 14px system-ui, sans-serif; margin: 2em auto; max-width: 80em; color: CanvasText; background: Canvas }
    main { display: grid; grid-template-columns: repeat(auto-fit, minmax(28em, 1fr)); gap: 1em }
    svg { width: 100%; height: auto } .grid { stroke: currentColor; opacity: .15 }
    h2 { font-size: 1em; margin: 0 } text { fill: currentColor; font-size: 12px }
    polyline { fill: none; stroke-width: 1.5 }
    .c0 { stroke: light-dark(#0b62c4, #7ab8ff) } .c1 { stroke: light-dark(#b3541e, #ffb27a) }
    .c2 { stroke: light-dark(#2f7d32, #8fdc92) }
    i { display: inline-block; width: 1.5em; border-top: 3px solid; vertical-align: middle; margin: 0 .3em 0 1em }
    i.c0 { color: light-dark(#0b62c4, #7ab8ff) } i.c1 { color: light-dark(#b3541e, #ffb27a) }
    i.c2 { color: light-dark(#2f7d32, #8fdc92) }
    </style><h1>Reinforcement</h1><p>\(summary)</p><main>
    \(charts.map(\.html).joined(separator: "\n"))
    </main></html>

    """
  }

  private var summary: String {
    guard let last = lines.last else { return "No step was taken yet." }
    let seconds = lines.map(\.seconds)
    func share(_ part: (PolicyProgress.Seconds) -> Double) -> Int {
      let total = seconds.reduce(0) { $0 + $1.sum }
      return Int((100 * seconds.reduce(0) { $0 + part($1) } / max(total, 1e-9)).rounded())
    }
    return "Step \(last.step) of \(last.steps), \(last.completions) completions, \(last.tokens) tokens. Time: "
      + "\(share(\.sampling)) % sampling, \(share(\.logProbabilities)) % log-probabilities, \(share(\.update)) % update."
  }

  private var charts: [CurveChart] {
    func one(_ title: String, _ value: (PolicyProgress) -> Double) -> CurveChart {
      CurveChart(title: title, curves: [.init(name: "", points: lines.map { (Double($0.step), value($0)) })])
    }
    func byLevel(_ title: String, _ value: (PolicyProgress.Level) -> Double) -> CurveChart {
      CurveChart(
        title: title,
        curves: LengthLevel.allCases.map { level in
          let points = lines.compactMap { line in line.levels[level].map { (Double(line.step), value($0)) } }
          return .init(name: level.rawValue, points: points)
        })
    }
    return [
      byLevel("Mean length by level, tokens", \.length), byLevel("Accuracy by level", \.accuracy),
      one("Reward", \.reward), one("Mean length, tokens", \.length), one("Accuracy", \.accuracy),
      one("Entropy, nats", \.entropy), one("Divergence from the reference, nats per token", \.divergence),
      one("Groups that tell nothing, share", \.equalGroups), one("Norm of the gradient") { Double($0.gradientNorm) },
      one("Tokens sampled per second", \.sampledPerSecond),
    ]
  }
}
