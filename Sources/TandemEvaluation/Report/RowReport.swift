public import Tandem

/// What a row came to on a task. All numbers but `counts` leave failed jobs out.
public struct RowReport: Sendable, Hashable, Codable {
  public var label: String
  public var strategy: String
  /// All settings that are the same in all records; of several tasks, each has its own calibration.
  public var settings: [String: Setting]
  /// Those of them that are not the strategy's defaults.
  public var changedSettings: [String: Setting]
  public var small: String?
  public var large: String?
  public var runs: [String]
  /// nil where the tasks are several.
  public var conditions: ComparedConditions?

  public var counts: Counts
  public var problems: Int
  /// nil where every job failed.
  public var accuracy: Accuracy?
  public var votes: [Votes]
  public var thinking: Thinking
  public var time: Time
  /// nil without prices.
  public var cost: Cost?
  public var reflections: Reflections
  /// How often the large model took over, by reason, in the mean of all runs.
  public var handOvers: [String: Double]
  /// nil where no run chose among drafts.
  public var drafts: DraftReport?
  /// nil where nothing was objected to.
  public var objections: ObjectionReport?
  /// Math-RoB's Memory Completion Rate (arXiv:2503.04550): the share of answers that are those of the question before a
  /// number was left out of it. nil where none was, or the tasks are several.
  public var memoryCompletionRate: Double?

  /// How the jobs ended; those not done yet are `jobs - done`.
  public struct Counts: Sendable, Hashable, Codable {
    public var jobs: Int
    public var done: Int
    public var correct: Int
    public var wrong: Int
    public var truncated: Int
    public var unparsable: Int
    public var failed: Int
    /// Of the truncated ones: those where the answer that stands after the cut is right. They count as truncated.
    public var rightAfterCut: Int

    public var graded: Int { done - failed }
  }

  /// The share of correct among graded.
  public struct Accuracy: Sendable, Hashable, Codable {
    public var value: Double
    /// As if all runs were independent: true with one seed.
    public var wilson: Interval
    /// By problem, with all its seeds; nil for a single problem.
    public var bootstrap: Interval?
  }

  /// Of k runs of a problem: whether any is right, and whether the most frequent answer is.
  public struct Votes: Sendable, Hashable, Codable {
    public var k: Int
    public var pass: Double
    public var majority: Double
  }

  public struct Time: Sendable, Hashable, Codable {
    /// The mean of a run, of others beside it too: see `Record.seconds`.
    public var seconds: Double
    public var interval: Interval?
    /// How long any job of the row was going on; nil where a record does not say when it began.
    public var busySeconds: Double?
    /// Seconds of a run by phase, in the mean; empty where the strategy has no phases.
    public var phases: [String: Double]
    /// Estimated operations of a run, in the mean: see `Record.operations`.
    public var operations: Double?
  }

  public struct Cost: Sendable, Hashable, Codable {
    public var total: Double
    public var perRun: Double
    /// nil where nothing is correct.
    public var perCorrect: Double?
  }

  /// The paper's reflective statistics (arXiv:2504.12329, Fig. 3): sums of segments over the correct and over all
  /// others, as its figures count, and means by outcome.
  public struct Reflections: Sendable, Hashable, Codable {
    public var correctSum: Int
    public var otherSum: Int
    public var means: OutcomeMeans
  }
}

/// The mean over all graded runs and by how they ended; nil where there are none.
public struct OutcomeMeans: Sendable, Hashable, Codable {
  public var all: Double?
  public var correct: Double?
  public var wrong: Double?
  public var truncated: Double?
  public var unparsable: Double?

  init(_ records: [Record], _ value: (Record) -> Int) {
    func mean(_ records: [Record]) -> Double? {
      records.isEmpty ? nil : Double(records.reduce(0) { $0 + value($1) }) / Double(records.count)
    }
    func mean(_ grade: Grade) -> Double? { mean(records.filter { $0.grade == grade }) }
    all = mean(records)
    (correct, wrong, truncated, unparsable) = (mean(.correct), mean(.wrong), mean(.truncated), mean(.unparsable))
  }
}
