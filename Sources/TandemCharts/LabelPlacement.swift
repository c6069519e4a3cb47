/// Finds places for labels beside their points, where they cover neither each other nor what is drawn.
enum LabelPlacement {
  struct Box: Hashable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
    var area: Double { width * height }

    func overlap(_ other: Box) -> Double {
      max(0, min(right, other.right) - max(left, other.left)) * max(0, min(bottom, other.bottom) - max(top, other.top))
    }
  }

  /// A label's size, and the point that it is of.
  struct Label: Hashable {
    var point: PlotPoint
    var width: Double
    var height: Double
  }

  /// One box for each label.
  ///
  /// Each label takes the cheapest of some places around its point; then, twice, each looks again at what the others
  /// took. That is no optimum (which is NP-hard), and enough for some twenty labels.
  ///
  /// - Parameter lines: What may be covered in part, at a price, such as error bars.
  static func boxes(_ labels: [Label], lines: [Box], within bounds: Box) -> [Box] {
    let points = labels.map { Box(left: $0.point.x - 6, top: $0.point.y - 6, width: 12, height: 12) }
    var boxes: [Box] = []
    for pass in 0..<3 {
      for (index, label) in labels.enumerated() {
        let others = boxes.enumerated().filter { $0.offset != index }.map(\.element)
        let best = candidates(label).min { a, b in
          cost(a, others, points, lines, bounds) < cost(b, others, points, lines, bounds)
        }
        guard let box = best?.box else { continue }
        if pass == 0 { boxes.append(box) } else { boxes[index] = box }
      }
    }
    return boxes
  }

  private typealias Candidate = (box: Box, distance: Double)

  private static func candidates(_ label: Label) -> [Candidate] {
    [9.0, 16, 26, 40, 58, 80].flatMap { distance -> [Candidate] in
      let (x, y, w, h) = (label.point.x, label.point.y, label.width, label.height)
      let lefts = [(x + distance, 0.0), (x - distance - w, 0.1), (x - w / 2, 0.2)]
      let tops = [(y - h / 2, 0.0), (y - distance - h, 0.1), (y + distance, 0.15)]
      return lefts.indices.flatMap { i in
        tops.indices.compactMap { j in
          // Neither above, below, nor beside: on the point.
          if i == 2 && j == 0 { return nil }
          let box = Box(left: lefts[i].0, top: tops[j].0, width: w, height: h)
          return (box, distance + 9 * (lefts[i].1 + tops[j].1))
        }
      }
    }
  }

  private static func cost(
    _ candidate: Candidate, _ others: [Box], _ points: [Box], _ lines: [Box], _ bounds: Box
  ) -> Double {
    let box = candidate.box
    let outside = box.area - box.overlap(bounds)
    let covered = (others + points).reduce(0) { $0 + box.overlap($1) }
    return candidate.distance + outside * 100 + covered * 10 + lines.reduce(0) { $0 + box.overlap($1) }
  }
}
