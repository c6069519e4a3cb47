/// What follows from the sentences of a story, in whatever order they stand.
package struct WordSolver: Sendable {
  private let relations: [WordQuantity: WordRelation]
  private let goal: WordQuantity
  /// The value of every quantity that has one.
  package private(set) var values: [WordQuantity: Int] = [:]

  package init(_ problem: WordProblem) {
    (relations, goal) = (problem.relations, problem.goal)
    var isNew = true
    while isNew {
      isNew = false
      for (quantity, relation) in relations where values[quantity] == nil {
        guard let value = Self.value(of: relation, values) else { continue }
        values[quantity] = value
        isNew = true
      }
    }
  }

  /// The right answer; nil if it does not follow from the story.
  package var answer: Int? { values[goal] }

  /// What has to be known for the answer, the answer itself last: each after what it follows from.
  package var needed: [WordQuantity] {
    var (order, seen) = ([WordQuantity](), Set<WordQuantity>())
    func visit(_ quantity: WordQuantity) {
      guard seen.insert(quantity).inserted else { return }
      for source in relations[quantity]?.sources ?? [] { visit(source) }
      order.append(quantity)
    }
    visit(goal)
    return order
  }

  /// How many calculations the answer takes.
  package var steps: Int { needed.count { relations[$0].map { $0.kind != .given } ?? false } }

  private static func value(of relation: WordRelation, _ values: [WordQuantity: Int]) -> Int? {
    let sources = relation.sources.compactMap { values[$0] }
    guard sources.count == relation.sources.count else { return nil }
    return relation.kind == .given ? relation.number : relation.term(sources)?.value
  }
}
