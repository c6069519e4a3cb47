/// What `plan.json` holds: the plan of a run, and what was found when it began.
///
/// Two runs, or two rows of different runs, can be compared on a task where `plan.conditions`, the models' fingerprints
/// and the task's header are equal; those of one run always are.
public struct RunHeader: Sendable, Hashable, Codable {
  /// The version of the format.
  public var version = 1
  /// The program and its version.
  public var program: String
  /// When the run began, in seconds since 1970.
  public var startedAt: Double
  /// The machine: operating system, processor cores.
  public var machine: String
  public var plan: Plan
  public var small: ModelHeader?
  public var large: ModelHeader?
  public var tasks: [TaskHeader]

  public init(
    program: String, startedAt: Double, machine: String, plan: Plan, small: ModelHeader?, large: ModelHeader?,
    tasks: [TaskHeader]
  ) {
    self.program = program
    self.startedAt = startedAt
    self.machine = machine
    self.plan = plan
    self.small = small
    self.large = large
    self.tasks = tasks
  }

  /// A model as it was loaded.
  public struct ModelHeader: Sendable, Hashable, Codable {
    public var name: String
    /// What tells its file from others; empty where the engine has none.
    public var fingerprint: String

    public init(name: String, fingerprint: String) {
      self.name = name
      self.fingerprint = fingerprint
    }
  }

  /// A task as it was loaded.
  public struct TaskHeader: Sendable, Hashable, Codable {
    public var name: String
    /// How many problems are run.
    public var problems: Int
    /// How many rows of the file were left out because they have no answer to compare with.
    public var skipped: Int
    /// A digest of the problems that are run, of their prompts and answers and how they are graded.
    public var fingerprint: String

    public init(name: String, problems: Int, skipped: Int, fingerprint: String) {
      self.name = name
      self.problems = problems
      self.skipped = skipped
      self.fingerprint = fingerprint
    }
  }
}
