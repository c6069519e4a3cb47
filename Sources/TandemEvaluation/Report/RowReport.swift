package import Tandem

/// The results of a row on a task. All numbers but `counts` leave failed jobs out.
package struct RowReport: Sendable, Hashable, Codable {
  package var label: String
  package var strategy: String
  /// All settings that are the same in all records; of several tasks, each has its own calibration.
  package var settings: [String: Setting]
  /// Those of them that are not the strategy's defaults.
  package var changedSettings: [String: Setting]
  package var small: String?
  package var large: String?
  package var runs: [String]
  /// nil if the tasks are several.
  package var conditions: ComparedConditions?

  package var counts: Counts
  package var problems: Int
  /// nil if every job failed.
  package var accuracy: Accuracy?
  package var votes: [Votes]
  package var thinking: Thinking
  package var time: Time
  /// What servers did; nil if none ran a model.
  package var served: [ServedReport]?
  /// nil without prices.
  package var cost: Cost?
  package var reflections: Reflections
  /// Mean number of takeovers per run, by reason.
  package var handOvers: [String: Double]
  /// nil if no run chose among drafts.
  package var drafts: DraftReport?
  /// nil if nothing was objected to.
  package var objections: ObjectionReport?
  /// Math-RoB's Memory Completion Rate (arXiv:2503.04550): the share of answers that are those of the question before a
  /// number was left out of it. nil if none was, or the tasks are several.
  package var memoryCompletionRate: Double?

  /// How the jobs ended; those not done yet are `jobs - done`.
  package struct Counts: Sendable, Hashable, Codable {
    package var jobs: Int
    package var done: Int
    package var correct: Int
    package var wrong: Int
    package var truncated: Int
    package var unparsable: Int
    package var failed: Int
    /// Of the truncated ones: those where the answer that stands after the cut is right. They count as truncated.
    package var rightAfterCut: Int
    /// Those that had less thinking than the budget allows, since a window was too small for it; nil if there are none.
    package var shrunken: Int?

    package var graded: Int { done - failed }
  }

  /// The share of correct among graded.
  package struct Accuracy: Sendable, Hashable, Codable {
    package var value: Double
    /// As if all runs were independent: true with one seed.
    package var wilson: Interval
    /// By problem, with all its seeds; nil for a single problem.
    package var bootstrap: Interval?
  }

  /// Of k runs of a problem: whether any is right, and whether the most frequent answer is.
  package struct Votes: Sendable, Hashable, Codable {
    package var k: Int
    package var pass: Double
    package var majority: Double
  }

  package struct Time: Sendable, Hashable, Codable {
    /// The mean of a run, of others beside it too: see `Record.seconds`.
    package var seconds: Double
    package var interval: Interval?
    /// How long any job of the row was going on; nil if a record does not say when it began.
    package var busySeconds: Double?
    /// Mean seconds of a run by phase; empty if the strategy has no phases.
    package var phases: [String: Double]
    /// Mean estimated operations of a run: see `Record.operations`.
    package var operations: Double?
    /// The mean cost of a run with attention and memory traffic: see `Record.kinetics`.
    package var kinetics: KineticCost?
    /// eFLOPs of a run on a device of the report's intensity; nil without one.
    package var equivalentOperations: Double?
  }

  package struct Cost: Sendable, Hashable, Codable {
    package var total: Double
    package var perRun: Double
    /// nil if nothing is correct.
    package var perCorrect: Double?
  }

  /// The paper's reflective statistics (arXiv:2504.12329, Fig. 3): sums of segments over the correct and over all
  /// others, as its figures count, and means by outcome.
  package struct Reflections: Sendable, Hashable, Codable {
    package var correctSum: Int
    package var otherSum: Int
    package var means: OutcomeMeans
  }
}

/// The mean over all graded runs and by how they ended; nil if there are none.
package struct OutcomeMeans: Sendable, Hashable, Codable {
  package var all: Double?
  package var correct: Double?
  package var wrong: Double?
  package var truncated: Double?
  package var unparsable: Double?

  init(_ records: [Record], _ value: (Record) -> Int) {
    func mean(_ records: [Record]) -> Double? {
      records.isEmpty ? nil : Double(records.reduce(0) { $0 + value($1) }) / Double(records.count)
    }
    func mean(_ grade: Grade) -> Double? { mean(records.filter { $0.grade == grade }) }
    all = mean(records)
    (correct, wrong, truncated, unparsable) = (mean(.correct), mean(.wrong), mean(.truncated), mean(.unparsable))
  }
}
