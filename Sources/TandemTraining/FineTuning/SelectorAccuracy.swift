/// How often a selector chose well: SCoT's Table 5 (arXiv:2504.19095).
package struct SelectorAccuracy: Sendable, Hashable {
  /// Class 1: problems with a right draft. Of these: how often one was chosen, and how often all were rejected.
  package private(set) var (withRight, chosenRight, wronglyRejected) = (0, 0, 0)
  /// Class 2: problems without one, and how often all were rejected.
  package private(set) var (withoutRight, rightlyRejected) = (0, 0)
  /// How many right ones a choice at random among the drafts of class 1 would make.
  package private(set) var expectedBlind = 0.0
  /// How often each label was chosen.
  package private(set) var labels: [Int: Int] = [:]

  package init() {}

  /// Counts a choice. `label` counts from 1; the one after the last draft rejects all.
  package mutating func count(_ problem: DraftedProblem, chosen label: Int) {
    labels[label, default: 0] += 1
    let isRight = problem.labels.contains(label)
    if problem.isHopeless {
      withoutRight += 1
      rightlyRejected += isRight ? 1 : 0
    } else {
      withRight += 1
      chosenRight += isRight ? 1 : 0
      wronglyRejected += label > problem.drafts.count ? 1 : 0
      expectedBlind += Double(problem.labels.count) / Double(problem.drafts.count)
    }
  }
}
