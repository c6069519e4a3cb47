/// What `plan.json` holds: the plan of a run, and what was found when it began.
///
/// Two runs, or two rows of different runs, can be compared on a task where `plan.conditions`, the models' fingerprints
/// and the task's header are equal; those of one run always are.
package struct RunHeader: Sendable, Hashable, Codable {
  /// The version of the format.
  package var version = 1
  /// The program and its version.
  package var program: String
  /// When the run began, in seconds since 1970.
  package var startedAt: Double
  /// The machine: operating system, processor cores.
  package var machine: String
  package var plan: Plan
  package var small: ModelHeader?
  package var large: ModelHeader?
  package var tasks: [TaskHeader]

  package init(
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
  package struct ModelHeader: Sendable, Hashable, Codable {
    package var name: String
    /// What tells its file from others; empty where the engine has none.
    package var fingerprint: String
    /// The server that ran it, as it was when the run began; nil for a model in this process.
    package var server: String?

    package init(name: String, fingerprint: String, server: String? = nil) {
      self.name = name
      self.fingerprint = fingerprint
      self.server = server
    }
  }

  /// A task as it was loaded.
  package struct TaskHeader: Sendable, Hashable, Codable {
    package var name: String
    /// How many problems are run.
    package var problems: Int
    /// How many rows of the file were left out because they have no answer to compare with.
    package var skipped: Int
    /// A digest of the problems that are run, of their prompts and answers and how they are graded.
    package var fingerprint: String

    package init(name: String, problems: Int, skipped: Int, fingerprint: String) {
      self.name = name
      self.problems = problems
      self.skipped = skipped
      self.fingerprint = fingerprint
    }
  }
}
