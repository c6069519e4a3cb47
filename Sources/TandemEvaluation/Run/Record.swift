package import Tandem

/// What became of one problem: a line of a run's `records.jsonl`.
///
/// There is at most one record that counts for each `key`; a later one replaces an earlier one that failed.
package struct Record: Sendable, Hashable, Codable {
  /// The version of the format.
  package var version = 1

  // MARK: Which job

  package var task: String
  package var problem: String
  /// The label of the row: a strategy with its settings. See `Plan.Row`.
  package var row: String
  /// The seed of the plan, by which runs of different rows are paired.
  package var seed: UInt64

  // MARK: How it ended

  package var grade: Grade
  /// The grader's reason, or what failed; one line, and never a part of a question.
  package var reason: String
  /// The answer that was extracted; nil if none was found or looked for.
  package var answer: String?
  package var gold: String
  /// nil if the run failed before it began.
  package var finish: FinishReason?
  /// Whether the thinking was cut before a model ended it.
  package var isTruncated = false
  /// The most tokens of thinking that a model's window had room for, if these were fewer than the budget's; else nil.
  package var shrunkenBudget: Int?
  /// What the grader says of the answer that stands after a cut, such as a forced one. For information: `grade` is
  /// `truncated` all the same. nil if nothing was cut, or nothing stands there.
  package var gradeAfterCut: Grade?

  // MARK: What it took

  package var strategy: String
  /// All settings of the strategy, those too that have their default.
  package var settings: [String: Setting] = [:]
  /// The names of the models; nil for a role that the strategy does not use.
  package var small: String?
  package var large: String?
  /// Tokens by model: sampled (thinking, answer, discarded) and evaluated (prompt, handed over, inserted, again).
  package var usage = Usage()
  /// Tokens of thinking, inserted ones included.
  package var thinkingTokens = 0
  /// How often the large model took over, by reason.
  package var handOvers: [Reason: Int] = [:]
  /// Segments of the thinking as the paper counts reflection: see `TraceStatistics.reflections`.
  package var reflections = 1
  /// Who wrote the thinking, by tenths of its length.
  package var authorship = Authorship()
  /// When it began, in seconds since 1970. With `seconds`, the time that a row was busy can be told from the sum over
  /// runs that overlapped.
  package var startedAt = 0.0
  /// Seconds from the prompt to the end, other runs beside it included.
  package var seconds = 0.0
  /// Floating-point operations, estimated from the models' sizes: see `RoleUsage.operations(of:)`. nil if a size is
  /// not known.
  package var operations: Double?
  /// Operations with those of attention, and memory traffic: see `RoleUsage.kineticCost(of:tries:)`. nil if a size is not
  /// known.
  package var kinetics: KineticCost?
  /// Seconds by phase, where the strategy has phases.
  package var phases: [Phase: Double]?
  /// The choice among drafts; nil if there was none.
  package var selection: Selection?
  /// The drafts that it was made among, each graded by its own answer.
  package var drafts: [GradedDraft]?
  /// The marks that the large model gave to steps, in their order; nil if it was asked for none.
  package var marks: [Double]?
  /// How it went on where a right answer was objected to.
  package var objection: Objection?
  /// The path of its trace inside the run's folder; nil if none is kept.
  package var trace: String?

  package init(
    task: String, problem: String, row: String, seed: UInt64, strategy: String, grade: Grade, reason: String,
    gold: String
  ) {
    self.task = task
    self.problem = problem
    self.row = row
    self.seed = seed
    self.strategy = strategy
    self.grade = grade
    self.reason = reason
    self.gold = gold
  }

  /// What tells this record from all others of its run.
  package var key: Key { Key(task: task, problem: problem, row: row, seed: seed) }

  /// One job of a run: a problem, solved in one way, with one seed.
  package struct Key: Sendable, Hashable, Codable {
    package var task: String
    package var problem: String
    package var row: String
    package var seed: UInt64

    package init(task: String, problem: String, row: String, seed: UInt64) {
      self.task = task
      self.problem = problem
      self.row = row
      self.seed = seed
    }
  }
}

/// How an answer was judged. Only `correct` counts for accuracy; all but `failed` count among its problems.
package enum Grade: String, Sendable, Hashable, Codable, CaseIterable {
  case correct
  case wrong
  /// The thinking or the answer was cut, by a budget or a deadline: its own outcome, never judged as an answer.
  case truncated
  /// The model finished, but no answer was found that could be compared.
  case unparsable
  /// No answer for a reason that has nothing to do with the model's reasoning; tried again when the run is resumed.
  case failed
}

/// Tokens of thinking by author and position, ten bins each: the first is the first tenth of the thinking.
///
/// Of a thought that lies in several tenths, each gets its share; sums over problems are meaningful.
package struct Authorship: Sendable, Hashable, Codable {
  package var small = [Double](repeating: 0, count: 10)
  package var large = [Double](repeating: 0, count: 10)
  package var inserted = [Double](repeating: 0, count: 10)

  package init() {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func bins(_ key: CodingKeys) throws -> [Double] {
      let bins = try container.decode([Double].self, forKey: key)
      guard bins.count == 10 else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "it has \(bins.count) entries instead of 10")
      }
      return bins
    }
    small = try bins(.small)
    large = try bins(.large)
    inserted = try bins(.inserted)
  }

  /// Counts the thoughts of a chain, in their order.
  package init(_ thoughts: some Sequence<Thought>) {
    let thinking = thoughts.filter { $0.segment == .thinking && $0.tokenCount > 0 }
    let total = Double(thinking.reduce(0) { $0 + $1.tokenCount })
    var position = 0.0
    for thought in thinking {
      let (begin, end) = (position, position + Double(thought.tokenCount))
      position = end
      for bin in 0..<10 {
        let overlap = min(end, total * Double(bin + 1) / 10) - max(begin, total * Double(bin) / 10)
        if overlap > 0 { self[thought.author, bin] += overlap }
      }
    }
  }

  private subscript(author: Author, bin: Int) -> Double {
    get {
      switch author {
      case .small: small[bin]
      case .large: large[bin]
      case .inserted: inserted[bin]
      }
    }
    set {
      switch author {
      case .small: small[bin] = newValue
      case .large: large[bin] = newValue
      case .inserted: inserted[bin] = newValue
      }
    }
  }
}
