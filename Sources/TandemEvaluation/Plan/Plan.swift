public import Tandem
public import TandemInference

/// What is to be run: every row on every problem of every task, once for each seed, under the same conditions.
///
/// The conditions stand once for all rows, so that a method and its baselines can't have different ones. A sweep over
/// budgets, or other models, is another plan and another run.
public struct Plan: Sendable, Hashable, Codable {
  public var tasks: [TaskChoice]
  public var rows: [Row]
  /// Any numbers, each once. The run of a problem draws from its seed and the problem's id together.
  public var seeds: [UInt64]
  public var conditions: Conditions

  public init(tasks: [TaskChoice], rows: [Row], seeds: [UInt64], conditions: Conditions) {
    self.tasks = tasks
    self.rows = rows
    self.seeds = seeds
    self.conditions = conditions
  }

  /// A task, and how it is asked and graded.
  public struct TaskChoice: Sendable, Hashable, Codable {
    /// A name of `Benchmarks`, or of the user's own file.
    public var name: String
    /// What the report calls it, where its name is not enough: the same task asked in several ways.
    public var label: String?
    /// The file with its problems; nil for a task that Tandem has.
    public var path: String?
    /// How many of its problems, from the first; nil for all.
    public var problems: Int?
    /// The name of the prompt: see `PromptTemplate`.
    public var prompt: String
    /// The name of how an answer is found in what a model wrote: see `AnswerPolicy`.
    public var extraction: String
    /// The seed by which options of multiple choice are shuffled; without effect elsewhere.
    public var optionSeed: UInt64
    /// The name of a change of its problems: see `Perturbation`. nil for none.
    public var perturbation: String?
    /// Whether a right answer is objected to, and the question put again: see `Objection`. nil for no.
    public var objection: Bool?

    public init(
      name: String, label: String? = nil, path: String? = nil, problems: Int? = nil, prompt: String, extraction: String,
      optionSeed: UInt64 = 41, perturbation: String? = nil, objection: Bool? = nil
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
    public var title: String { label ?? name }
  }

  /// A strategy with its settings, under a label of its own.
  public struct Row: Sendable, Hashable, Codable {
    /// What the report calls it; each label is there once.
    public var label: String
    public var strategy: String
    /// Settings that differ from the strategy's defaults.
    public var settings: [String: Setting]
    /// The label of another row, whose share of large tokens this one is brought to by its `probability`: the control
    /// that tells whether the choice of place helps, or just the large model's share. Found for each task on a pilot;
    /// see `Calibration`.
    public var matchShare: String?
    /// How this row uses the models; nil for as the conditions say and no more.
    public var small: RoleSettings?
    public var large: RoleSettings?

    public init(
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

  /// All that must be equal for two rows to be compared.
  public struct Conditions: Sendable, Hashable, Codable {
    /// The models, as the user named them; nil where no row needs one of that role.
    public var small: String?
    public var large: String?
    /// Of both models alike.
    public var sampling: SamplingParameters
    public var budget: Budget
    /// The most tokens of one sequence, prompt included.
    public var contextSize: Int
    /// Whether it may be more than the models were trained with; nil for no. For adapters that were trained there.
    public var extendsContext: Bool?
    /// How the models mark their thinking; nil where it is found from their templates.
    public var thinkingFormat: String?
    /// Problems at once. It does not change what is written where `isDeterministic`, and it does change the seconds.
    public var parallel: Int
    /// Compute threads of each model.
    public var threads: Int
    /// Layers of each model on a GPU; negative for all.
    public var gpuLayers: Int
    /// auto, on or off.
    public var flashAttention: String
    /// Whether numbers do not depend on what else is being batched.
    public var isDeterministic: Bool

    public init(
      small: String?, large: String?, sampling: SamplingParameters = .init(), budget: Budget = .init(),
      contextSize: Int, extendsContext: Bool? = nil, thinkingFormat: String? = nil, parallel: Int = 4, threads: Int = 1,
      gpuLayers: Int = -1, flashAttention: String = "auto", isDeterministic: Bool = false
    ) {
      self.small = small
      self.large = large
      self.sampling = sampling
      self.budget = budget
      self.contextSize = contextSize
      self.extendsContext = extendsContext
      self.thinkingFormat = thinkingFormat
      self.parallel = parallel
      self.threads = threads
      self.gpuLayers = gpuLayers
      self.flashAttention = flashAttention
      self.isDeterministic = isDeterministic
    }
  }
}
