/// Which of several points are beaten by none: no other has as little x and as much y, and less or more of one.
package enum ParetoFrontier {
  /// The indices of the frontier, by ascending x. Of points at one place, the first is there.
  package static func indices(_ points: [(x: Double, y: Double)]) -> [Int] {
    let order = points.indices.sorted { a, b in
      (points[a].x, -points[a].y, Double(a)) < (points[b].x, -points[b].y, Double(b))
    }
    return order.reduce(into: []) { frontier, index in
      if let last = frontier.last, points[index].y <= points[last].y { return }
      frontier.append(index)
    }
  }
}
