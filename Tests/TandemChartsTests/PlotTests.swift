import Foundation
import Testing

@testable import TandemCharts

@Suite struct `Plots` {
  private static let axes: [(values: [Double], ticks: [Double])] = [
    ([0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1.0]), ([205, 296], [200, 220, 240, 260, 280, 300]),
    ([0, 4096], [0, 1000, 2000, 3000, 4000, 5000]), ([-3, 7], [-4, -2, 0, 2, 4, 6, 8]),
    ([], [0, 0.2, 0.4, 0.6, 0.8, 1]), ([.nan, .infinity, 10, 20], [10, 12, 14, 16, 18, 20]),
  ]

  @Test(arguments: axes)
  func `have ticks at round numbers around all values`(_ values: [Double], _ ticks: [Double]) {
    let axis = Axis("", covering: values)
    #expect(axis.ticks.count == ticks.count)
    for (found, expected) in zip(axis.ticks, ticks) { #expect(abs(found - expected) < 1e-9) }
  }

  @Test func `have an axis for a single value`() {
    for value in [5.0, 0, -2, 1e-12, 1e12] {
      let axis = Axis("", covering: [value])
      #expect(axis.ticks.count > 1)
      #expect(axis.domain.contains(value))
      #expect(axis.domain.lowerBound < axis.domain.upperBound)
    }
  }

  @Test func `do not go beyond what can be`() {
    #expect(Axis("", covering: [0.91, 1], bounds: 0...1).domain.upperBound == 1)
    #expect(Axis("", covering: [0.03, 0.98], bounds: 0...1).domain == 0...1)
  }

  @Test func `write ticks with the digits they need`() {
    let hundredths = Axis("", covering: [0, 0.05])
    #expect(hundredths.ticks.map(hundredths.label) == ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05"])
    let percent = Axis("", covering: [0, 1], format: .percent)
    #expect(percent.label(0.2) == "20 %")
    let counts = Axis("", covering: [-2, 1], format: .count)
    #expect(counts.ticks.map(counts.label) == ["2", "1", "0", "1"])
    let large = Axis("", covering: [0, 30_000])
    #expect(large.label(20_000) == "20\u{202F}000")
    #expect(large.label(5000) == "5000")
  }

  @Test func `map an axis onto the page`() {
    let scale = LinearScale(domain: 10...20, start: 100, end: 0)
    #expect(scale(10) == 100)
    #expect(scale(20) == 0)
    #expect(scale(15) == 50)
    #expect(LinearScale(domain: 3...3, start: 0, end: 8)(3) == 4)
  }

  @Test func `find the points that no other one beats`() {
    // By x: 0 is the cheapest, 1 beats it in y, 2 is beaten by 1, 3 is at 1's place, 4 is the best.
    let points = [(1.0, 0.2), (2, 0.5), (3, 0.4), (2, 0.5), (9, 0.9), (1, 0.1)]
    #expect(ParetoFrontier.indices(points.map { (x: $0.0, y: $0.1) }) == [0, 1, 4])
    #expect(ParetoFrontier.indices([]) == [])
  }

  @Test(arguments: [2, 5, 9])
  func `have labels that cover neither each other nor a point, near as points may be`(_ count: Int) {
    let bounds = LabelPlacement.Box(left: 40, top: 20, width: 360, height: 260)
    let labels = (0..<count).map {
      LabelPlacement.Label(point: PlotPoint(200 + Double($0) * 6, 150 + Double($0 % 3) * 5), width: 110, height: 14)
    }
    let boxes = LabelPlacement.boxes(labels, lines: [], within: bounds)
    #expect(boxes.count == count)
    for (index, box) in boxes.enumerated() {
      #expect(abs(box.overlap(bounds) - box.area) < 1e-6)
      for other in boxes.dropFirst(index + 1) { #expect(box.overlap(other) == 0) }
      for label in labels {
        let marker = LabelPlacement.Box(left: label.point.x - 4, top: label.point.y - 4, width: 8, height: 8)
        #expect(box.overlap(marker) == 0)
      }
    }
  }

  @Test func `put each value of a histogram into one bin`() {
    #expect(HistogramPlot.counts([0, 9.9, 10, 19, 30, 29.9, -1, .nan], [0, 10, 20, 30]) == [2, 2, 2])
    #expect(HistogramPlot.counts([1], []) == [])
    let plot = HistogramPlot([.init("correct", [5, 7, 300]), .init("wrong", [390])], x: "tokens", y: "runs")
    #expect(count("<rect", in: plot.markup.rendered) == 3)
    #expect(plot.markup.rendered.contains("correct (3)"))
  }

  @Test func `break a line where a number is missing`() {
    let points = [1.0, 2, .nan, 4, .infinity, 6, 7].enumerated().map { PlotPoint(Double($0), $1) }
    let plot = LinePlot([.init("loss", points)], xTitle: "step", yTitle: "loss")
    let text = plot.markup.rendered
    #expect(count("<polyline", in: text) == 3)
    #expect(count("class=\"marker", in: text) == 1)
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test func `draw error bars and a frontier of steps`() {
    let plot = ScatterPlot(
      [.init("a", x: 1, y: 0.2, xRange: 0.5...2, yRange: 0.1...0.3), .init("b", x: 3, y: 0.6, yRange: 0.4...0.8)],
      x: "tokens", y: "accuracy")
    let text = plot.markup.rendered
    #expect(count("class=\"error", in: text) == 3)
    #expect(count("class=\"frontier", in: text) == 1)
    #expect(!ScatterPlot([.init("a", x: 1, y: 1)], x: "", y: "").markup.rendered.contains("frontier"))
  }

  @Test func `names the best of many points, and all markers in their titles`() {
    // Ever higher at ever more x, but for the last ten, which are beaten by the fifth.
    let rising = (1...5).map { ScatterPlot.Point("best \($0)", x: Double($0), y: Double($0)) }
    let beaten = (1...10).map { ScatterPlot.Point("beaten \($0)", x: 6, y: Double($0) / 10) }
    let markup = ScatterPlot(rising + beaten, x: "x", y: "y").markup.rendered
    for point in rising { #expect(markup.contains(">\(point.label)</text>")) }
    #expect(markup.contains(">beaten 10</text>") && !markup.contains(">beaten 3</text>"))
    #expect(markup.contains(">beaten 3</title>"))
    #expect(ScatterPlot(beaten, x: "x", y: "y").markup.rendered.contains(">beaten 3</text>"))
  }

  private func count(_ piece: String, in text: String) -> Int { text.components(separatedBy: piece).count - 1 }

  @Test func `shorten what is too long, from its middle`() {
    #expect(TextWidth.shortened("speculative-thinking", to: 20) == "speculative-thinking")
    #expect(TextWidth.shortened("speculative-thinking brief", to: 13) == "speculat…rief")
  }
}
