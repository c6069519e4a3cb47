import TandemInference

/// What follows from what in a story, before it has words. Each node is made of nodes before it.
struct WordGraph {
  private(set) var nodes: [Node] = []
  /// The node that is asked for.
  private(set) var goal = 0
  /// Whether the last sum is the question itself, and no sentence says it.
  private(set) var asksTotal = false

  struct Node {
    let kind: WordRelation.Kind
    let sources: [Int]
    let number: Int?
    let value: Int
  }

  /// A graph in which the goal takes `steps` calculations; nil if the draws lead to none with small numbers.
  init?(steps: Int, _ draws: inout SplitMix64) {
    // The nodes that nothing is made of yet: in the end only the goal.
    var open = [addGiven(&draws)]
    for step in 0..<steps {
      let left = steps - step
      let node: Int?
      if open.count > 1, open.count == left + 1 || draws.chance(0.4) {
        let one = open.remove(at: draws.below(open.count))
        node = join(one, open[draws.below(open.count)], &draws)
      } else {
        if left > open.count, draws.chance(0.3) { open.append(addGiven(&draws)) }
        node = extend(open[draws.below(open.count)], isLast: left == 1 && open.count == 1, &draws)
      }
      guard let node else { return nil }
      open.removeAll { nodes[node].sources.contains($0) }
      open.append(node)
    }
    guard open.count == 1 else { return nil }
    goal = open[0]
    asksTotal = nodes[goal].kind == .sum && draws.chance(0.7)
  }

  /// Adds quantities that the goal does not need, after what they follow from.
  mutating func addUnneeded(_ count: Int, _ draws: inout SplitMix64) {
    for _ in 0..<count {
      let sources = nodes.indices.filter { nodes[$0].kind.measure == .count && !(asksTotal && $0 == goal) }
      if let source = draws.pick(sources) { _ = extend(source, isLast: false, &draws) }
    }
  }

  private mutating func addGiven(_ draws: inout SplitMix64) -> Int {
    let value = draws.draw(from: 2...20)
    return add(Node(kind: .given, sources: [], number: value, value: value)) ?? 0
  }

  /// A node made of `source` and a number, or of another node that is there already.
  private mutating func extend(_ source: Int, isLast: Bool, _ draws: inout SplitMix64) -> Int? {
    let others = nodes.indices.filter { $0 != source && nodes[$0].kind.measure == .count }
    if !others.isEmpty, draws.chance(0.15), let other = draws.pick(others) { return join(source, other, &draws) }
    let last: [WordRelation.Kind] = [.gained, .lost, .worth, .worth, .bags, .bags]
    let usual: [WordRelation.Kind] = [.more, .more, .fewer, .fewer, .times, .part]
    for _ in 0..<20 {
      let kind = draws.pick(isLast && draws.chance(0.5) ? last : usual) ?? .more
      let number =
        switch kind {
        case .times, .part: draws.draw(from: 2...5)
        case .worth, .bags: draws.draw(from: 2...9)
        default: draws.draw(from: 2...15)
        }
      if let node = add(kind, [source], number) { return node }
    }
    return nil
  }

  private mutating func join(_ one: Int, _ other: Int, _ draws: inout SplitMix64) -> Int? {
    let (left, right) = nodes[one].value > nodes[other].value ? (one, other) : (other, one)
    if draws.chance(0.35), let node = add(.difference, [left, right], nil) { return node }
    return add(.sum, draws.chance(0.5) ? [one, other] : [other, one], nil)
  }

  private mutating func add(_ kind: WordRelation.Kind, _ sources: [Int], _ number: Int?) -> Int? {
    let quantity = WordQuantity(holder: "", things: "", measure: .count)
    let relation = WordRelation(kind: kind, sources: sources.map { _ in quantity }, number: number)
    guard let value = relation.term(sources.map { nodes[$0].value })?.value else { return nil }
    return add(Node(kind: kind, sources: sources, number: number, value: value))
  }

  private mutating func add(_ node: Node) -> Int? {
    guard (2...(node.kind == .worth ? 99 : 60)).contains(node.value) else { return nil }
    nodes.append(node)
    return nodes.count - 1
  }
}
