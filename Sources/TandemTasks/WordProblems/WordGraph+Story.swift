import TandemInference

extension WordGraph {
  /// The graph in words; nil if no scene has enough holders for it.
  func problem(_ draws: inout SplitMix64) -> WordProblem? {
    let counted = nodes.indices.filter { nodes[$0].kind.measure == .count && !(asksTotal && $0 == goal) }
    guard let (scene, holders) = setting(&draws), holders.count >= counted.count else { return nil }
    var (names, left) = ([Int: String](), holders)
    for index in counted { names[index] = left.remove(at: draws.below(left.count)) }

    func quantity(_ index: Int) -> WordQuantity {
      if asksTotal && index == goal { return .total }
      let (measure, things) = (nodes[index].kind.measure, scene.thing.plural)
      let owner = measure == .count ? index : nodes[index].sources[0]
      return WordQuantity(holder: names[owner] ?? "", things: things, measure: measure)
    }
    func phrasing(_ templates: [WordTemplate]) -> Int { draws.below(templates.count) }
    var statements = order(&draws).map { index in
      let node = nodes[index]
      let relation = WordRelation(kind: node.kind, sources: node.sources.map(quantity), number: node.number)
      return WordStatement(
        content: .definition(quantity(index), relation),
        phrasing: phrasing(WordPhrasings.of(node.kind, onDays: scene.isOnDays)))
    }
    for _ in 0..<draws.index(weights: [0.6, 0.3, 0.1]) {
      let aside = WordStatement(aside: draws.below(WordLexicon.asides.count), number: draws.draw(from: 2...60))
      if !statements.contains(where: { $0.isAside(like: aside) }) {
        statements.insert(aside, at: draws.below(statements.count + 1))
      }
    }
    let (asked, sources) = (quantity(goal), asksTotal ? nodes[goal].sources.map(quantity) : [])
    let question = WordStatement(
      content: .question(asked, of: sources),
      phrasing: phrasing(WordPhrasings.questions(about: asked.measure, onDays: scene.isOnDays)))
    return WordProblem(scene: scene, statements: statements, asked: question)
  }

  /// What the story is about: nothing that can't be packed or sold where that is done.
  private func setting(_ draws: inout SplitMix64) -> (WordScene, [String])? {
    let needsObjects = nodes.contains { $0.kind.measure != .count && $0.kind.measure != .total }
    func scene(_ things: [WordThing], _ actor: String? = nil) -> WordScene? {
      draws.pick(things.filter { $0.isObject || !needsObjects }).map { WordScene(thing: $0, actor: actor) }
    }
    switch draws.below(10) {
    case 0..<5: return scene(WordLexicon.ofPeople).map { ($0, WordLexicon.people) }
    case 5..<8: return scene(WordLexicon.ofPlaces).map { ($0, WordLexicon.places) }
    default:
      guard let (actor, thing) = draws.pick(WordLexicon.ofDays) else { return nil }
      return scene([thing], actor).map { ($0, WordLexicon.days) }
    }
  }

  /// The nodes that are told, each after those it is made of, and what happens later at the end.
  private func order(_ draws: inout SplitMix64) -> [Int] {
    var (order, left) = ([Int](), nodes.indices.filter { !(asksTotal && $0 == goal) })
    while !left.isEmpty {
      let ready = left.filter { nodes[$0].sources.allSatisfy(order.contains) }
      let now = ready.filter { nodes[$0].kind.measure == .count }
      guard let next = draws.pick(now.isEmpty ? ready : now) else { break }
      order.append(next)
      left.removeAll { $0 == next }
    }
    return order
  }
}

extension WordStatement {
  /// An aside; those with a number have one.
  fileprivate init(aside: Int, number: Int) {
    let hasNumber = WordLexicon.asides[aside]([:]) != WordLexicon.asides[aside]([.number: "1"])
    self.init(content: .aside(hasNumber ? number : nil), phrasing: aside)
  }

  fileprivate func isAside(like other: Self) -> Bool {
    if case .aside = content { phrasing == other.phrasing } else { false }
  }
}
