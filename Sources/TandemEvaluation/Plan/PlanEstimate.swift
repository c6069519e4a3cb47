package import Tandem
import TandemSetup
import TandemTasks

/// How many tokens and seconds a plan takes: as a paper reports the lengths, or at most.
package struct PlanEstimate: Sendable, Hashable {
  package let rows: [Row]

  /// A row of the plan on one of its tasks.
  package struct Row: Sendable, Hashable {
    package let task: String
    package let label: String
    package let runs: Int
    /// Of all its runs.
    package let tokens: Double
    package let seconds: Double
    /// Whether the tokens are those that a paper reports, and not the most that the limits allow.
    package let isExpected: Bool
  }

  package var runs: Int { rows.reduce(0) { $0 + $1.runs } }
  package var seconds: Double { rows.reduce(0) { $0 + $1.seconds } }

  /// - Parameters:
  ///   - problems: How many problems each task of the plan has.
  ///   - rates: Tokens a second of each model, of all runs together.
  ///   - guides: The same of the models that steer those of the pair, by file; as quick as the small model, or else the
  ///     steered one, if nothing is said.
  ///   - paper: Reports lengths; nil for the most that the limits allow.
  package init(
    _ plan: Plan, problems: [Int], rates: [Role: Double], guides: [String: Double] = [:], paper: Paper? = nil
  ) throws {
    let budget = plan.conditions.budget
    // A product of many bounds can be more than an Int holds.
    let most = Double(budget.thinkingTokens) + Double(budget.answerTokens)
    var rows: [Row] = []
    for (task, problems) in zip(plan.tasks, problems) {
      for row in plan.rows {
        let strategy = try plan.strategy(of: row)
        let roles = Set(strategy.needs.keys)
        for role in roles where rates[role] == nil {
          throw EvaluationError.invalidPlan(reason: "it states no rate of the \(role.rawValue) model")
        }
        let own = row.rates(rates, guides)
        // With two models, the slower one may write everything.
        let slowest = roles.compactMap { own[$0] }.min() ?? 1
        let work = paper?.figure(task.title, row.label)?.work(of: strategy)
        let seconds = work.map { $0.reduce(0) { $0 + $1.value / (own[$1.key] ?? slowest) } } ?? most / slowest
        let tokens = work.map { $0.values.reduce(0, +) } ?? most
        let runs = problems * plan.seeds.count
        rows.append(
          Row(
            task: task.title, label: row.label, runs: runs, tokens: Double(runs) * tokens,
            seconds: Double(runs) * seconds, isExpected: work != nil))
      }
    }
    self.rows = rows
  }
}

extension Plan.Row {
  /// Tokens a second of each model as this row uses it: one that is steered waits for its guide and that one's base.
  fileprivate func rates(_ rates: [Role: Double], _ guides: [String: Double]) -> [Role: Double] {
    var own = rates
    for (role, settings) in [(Role.small, small), (.large, large)] {
      guard let rate = rates[role], let settings else { continue }
      let seconds = settings.guides.reduce(1 / rate) { $0 + 1 / (guides[$1] ?? rates[.small] ?? rate) }
      own[role] = 1 / seconds
    }
    return own
  }
}

extension Paper.Figure {
  /// Mean tokens that each model samples in one run; nil if the paper does not tell.
  fileprivate func work(of strategy: any Strategy) -> [Role: Double]? {
    let roles = Set(strategy.needs.keys)
    if let largeThinking, let answerTokens {
      // As long as the longest, which the others are not: drafts are counted a little too high.
      let drafts = (strategy as? SpeculativeCoT)?.drafts ?? 0
      let drafted = Double(drafts) * (draftTokens ?? 0)
      return (roles.contains(.small) ? [.small: drafted] : [:]).merging([.large: largeThinking + answerTokens]) { $1 }
    }
    guard let tokens else { return nil }
    guard roles.count == 2 else { return roles.first.map { [$0: tokens] } }
    guard let largeShare else { return nil }
    return [.small: tokens * (1 - largeShare / 100), .large: tokens * largeShare / 100]
  }
}

extension Plan.TaskChoice {
  /// How many problems it has, without its file. Throws `invalidPlan` if only the file can tell.
  package var statedProblems: Int {
    get throws {
      guard let count = try problems ?? BenchmarkEntry.named(name, hasFile: path != nil).count else {
        throw EvaluationError.invalidPlan(reason: "it does not state how many problems \(name) has")
      }
      return count
    }
  }
}
