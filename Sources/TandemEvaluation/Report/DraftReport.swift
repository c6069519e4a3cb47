import Tandem

/// What the drafts of a row were worth, and the choice among them: means over its graded runs.
///
/// The baselines cost nothing, since they are read off the same drafts: each has the answer that the small model itself
/// gave after it.
package struct DraftReport: Sendable, Hashable, Codable {
  /// Drafts a run, and tokens of one.
  package var drafts: Double
  package var tokens: Double
  /// The share of drafts that are complete.
  package var complete: Double
  /// The share of runs in which all drafts were rejected.
  package var rejected: Double
  /// What follows is nil if the drafts were not answered.
  package var answered: Answered?

  package struct Answered: Sendable, Hashable, Codable {
    /// How often a draft is right.
    package var single: Double
    /// How often the most frequent answer is right; of equals, each counts its part.
    package var majority: Double
    /// How often the shortest complete draft is right.
    package var shortest: Double
    /// How often any is right.
    package var oracle: Double
    /// How often the chosen draft's own answer is right, of the runs that chose one.
    package var chosen: Double?
    /// The selector's accuracy where a draft is right: it chose a right one (SCoT, arXiv:2504.19095, Table 3).
    package var whenRightExists: Double?
    /// Its accuracy where none is: it rejected all.
    package var whenNoneIsRight: Double?
  }

  /// nil if no run had drafts.
  init?(_ records: [Record]) {
    let runs = records.compactMap { record in
      record.selection.flatMap { choice in record.drafts.map { (choice: choice, drafts: $0) } }
    }
    let all = runs.flatMap(\.drafts)
    guard !all.isEmpty else { return nil }
    drafts = Double(all.count) / Double(runs.count)
    tokens = Double(all.reduce(0) { $0 + $1.tokens }) / Double(all.count)
    complete = Double(all.count(where: \.isComplete)) / Double(all.count)
    rejected = Double(runs.count { $0.choice.chosen == nil }) / Double(runs.count)
    answered = all.contains { $0.grade == nil && $0.isComplete } ? nil : Answered(runs, all)
  }
}

extension DraftReport.Answered {
  fileprivate init(_ runs: [(choice: Selection, drafts: [GradedDraft])], _ all: [GradedDraft]) {
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    let chosenOnes = runs.compactMap { run in run.choice.chosen.map { run.drafts[$0] } }
    let withRight = runs.filter { $0.drafts.contains(where: \.isRight) }
    let without = runs.filter { !$0.drafts.contains(where: \.isRight) }
    single = mean(all.map { $0.isRight ? 1 : 0 }) ?? 0
    majority =
      mean(
        runs.map { run in
          let others = run.drafts.compactMap { $0.isComplete && $0.grade == .wrong ? $0.answer : nil }
          let correct = run.drafts.count(where: \.isRight)
          return MajorityAtK.estimate(
            correct: correct, others: Array(Dictionary(grouping: others) { $0 }.mapValues(\.count).values),
            abstaining: run.drafts.count - correct - others.count, k: run.drafts.count)
        }) ?? 0
    shortest =
      mean(
        runs.map { run in
          run.drafts.filter(\.isComplete).min { $0.tokens < $1.tokens }.map { $0.isRight ? 1 : 0 } ?? 0
        }) ?? 0
    oracle = Double(withRight.count) / Double(runs.count)
    chosen = mean(chosenOnes.map { $0.isRight ? 1 : 0 })
    whenRightExists = mean(withRight.map { run in run.choice.chosen.map { run.drafts[$0].isRight ? 1 : 0 } ?? 0 })
    whenNoneIsRight = mean(without.map { $0.choice.chosen == nil ? 1 : 0 })
  }
}
