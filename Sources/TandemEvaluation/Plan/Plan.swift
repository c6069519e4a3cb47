package import Tandem
package import TandemSetup
package import TandemTasks

/// What is to be run: every row on every problem of every task, once for each seed, under the same conditions.
///
/// The conditions stand once for all rows, so that a method and its baselines can't have different ones. A sweep over
/// budgets, or other models, is another plan and another run.
package struct Plan: Sendable, Hashable, Codable {
  package var tasks: [TaskChoice]
  package var rows: [Row]
  /// Any numbers, each once. The run of a problem draws from its seed and the problem's id together.
  package var seeds: [UInt64]
  /// All that must be equal for two rows to be compared.
  package var conditions: RunConditions

  package init(tasks: [TaskChoice], rows: [Row], seeds: [UInt64], conditions: RunConditions) {
    self.tasks = tasks
    self.rows = rows
    self.seeds = seeds
    self.conditions = conditions
  }

  /// A task, and how it is asked and graded.
  package struct TaskChoice: Sendable, Hashable, Codable {
    /// A name of `Benchmarks`, or of the user's own file.
    package var name: String
    /// What the report calls it, where its name is not enough: the same task asked in several ways.
    package var label: String?
    /// The file with its problems; nil for a task that Tandem has.
    package var path: String?
    /// How many of its problems, from the first; nil for all.
    package var problems: Int?
    /// How a question is put.
    package var prompt: PromptTemplate
    /// How the answer is found in what a model wrote.
    package var extraction: AnswerPolicy
    /// The seed by which options of multiple choice are shuffled; without effect elsewhere.
    package var optionSeed: UInt64
    /// A change of its problems; nil for none.
    package var perturbation: Perturbation?
    /// Whether a right answer is objected to, and the question put again: see `Objection`. nil for no.
    package var objection: Bool?

    package init(
      name: String, label: String? = nil, path: String? = nil, problems: Int? = nil, prompt: PromptTemplate,
      extraction: AnswerPolicy, optionSeed: UInt64 = Benchmark.usualOptionSeed,
      perturbation: Perturbation? = nil, objection: Bool? = nil
    ) {
      self.name = name
      self.label = label
      self.path = path
      self.problems = problems
      self.prompt = prompt
      self.extraction = extraction
      self.optionSeed = optionSeed
      self.perturbation = perturbation
      self.objection = objection
    }

    /// What records and reports call it; each task of a plan has another one.
    package var title: String { label ?? name }
  }

  /// A strategy with its settings, under a label of its own.
  package struct Row: Sendable, Hashable, Codable {
    /// What the report calls it; each label is there once.
    package var label: String
    package var strategy: String
    /// Settings that differ from the strategy's defaults.
    package var settings: [String: Setting]
    /// The label of another row, whose share of large tokens this one is brought to by its `probability`: the control
    /// that tells whether the choice of place helps, or just the large model's share. Found for each task on a pilot;
    /// see `Calibration`.
    package var matchShare: String?
    /// How this row uses the models; nil for as the conditions say and no more.
    package var small: RoleSettings?
    package var large: RoleSettings?

    package init(
      label: String, strategy: String, settings: [String: Setting] = [:], matchShare: String? = nil,
      small: RoleSettings? = nil, large: RoleSettings? = nil
    ) {
      self.label = label
      self.strategy = strategy
      self.settings = settings
      self.matchShare = matchShare
      self.small = small
      self.large = large
    }
  }
}
