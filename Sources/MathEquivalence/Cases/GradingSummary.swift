/// How verdicts agree with labels.
package struct GradingSummary: Sendable, Equatable, Encodable {
  /// All graded cases, with and without a label.
  package private(set) var cases = 0
  package private(set) var correct = 0
  package private(set) var truePositives = 0
  package private(set) var trueNegatives = 0
  package private(set) var falsePositives = 0
  package private(set) var falseNegatives = 0

  package init() {}

  package var labelled: Int { truePositives + trueNegatives + falsePositives + falseNegatives }

  /// The share of labels the verdicts agree with; nil without labels.
  package var accuracy: Double? {
    labelled == 0 ? nil : Double(truePositives + trueNegatives) / Double(labelled)
  }

  /// Counts a verdict, and compares it with its label.
  package mutating func add(_ verdict: Verdict, expected: Bool?) {
    cases += 1
    if verdict.isCorrect { correct += 1 }
    switch (expected, verdict.isCorrect) {
    case (nil, _): break
    case (true?, true): truePositives += 1
    case (false?, false): trueNegatives += 1
    case (false?, true): falsePositives += 1
    case (true?, false): falseNegatives += 1
    }
  }
}
