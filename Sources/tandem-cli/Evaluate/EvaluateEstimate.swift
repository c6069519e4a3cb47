import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemInference
import TandemSetup
import TandemTasks

/// What `--dry-run` prints: the jobs, and the most that they can take.
struct EvaluateEstimate {
  private let plan: Plan
  private let tasks: [LoadedTask]
  private let rate: Double?
  private let loader: EngineLoader

  /// - Parameter rate: Tokens a second of either model, where the user states it.
  init(_ plan: Plan, _ tasks: [LoadedTask], rate: Double?, loader: EngineLoader) {
    (self.plan, self.tasks, self.rate, self.loader) = (plan, tasks, rate, loader)
  }

  func print() async throws {
    let conditions = plan.conditions
    // A product of many bounds can be more than an Int holds.
    let perJob = Double(conditions.budget.thinkingTokens + conditions.budget.answerTokens)
    let rates = try await rates()
    var table = Table(["TASK", "ROW", "RUNS", "TOKENS AT MOST", "TIME AT MOST"], rightAligned: [2, 3, 4])
    var (tokens, seconds) = (0.0, 0.0)
    for task in tasks {
      for row in plan.rows {
        let jobs = task.exercises.count * plan.seeds.count
        let roles = try plan.strategy(of: row).needs.keys
        // With two models, the slower one may write everything.
        let slowest = roles.compactMap { rates[$0] }.min() ?? 1
        let most = Double(jobs) * perJob
        (tokens, seconds) = (tokens + most, seconds + most / slowest)
        table.add([task.choice.title, row.label, "\(jobs)", most.digits(0), (most / slowest).asTime])
      }
    }
    Console.write(table.text)
    Console.write("\n" + conditionLines(rates).joined(separator: "\n") + "\n")
    Console.write(
      "\(plan.jobCount(tasks)) runs, at most \(tokens.digits(0)) tokens in \(seconds.asTime). Rejected probes "
        + "and pilots of controls are extra; thinking that ends by itself takes less.\n")
  }

  private func conditionLines(_ rates: [Role: Double]) -> [String] {
    let (conditions, budget, sampling) = (plan.conditions, plan.conditions.budget, plan.conditions.sampling)
    let models = [(Role.small, conditions.small), (.large, conditions.large)].compactMap { role, name in
      name.map { "\(role.rawValue): \($0), \((rates[role] ?? 0).digits(0)) tokens/s" }
    }
    let prompts = plan.tasks.map { "\($0.title): prompt \($0.prompt.name), answer by \($0.extraction.rawValue)" }
    return models + prompts + [
      "limits: \(budget.thinkingTokens) tokens of thinking, \(budget.answerTokens) of the answer, context "
        + "\(conditions.contextSize)" + (budget.seconds.map { ", \($0.digits(0)) s" } ?? ""),
      "sampling: temperature \(sampling.temperature), top-p \(sampling.topP), top-k \(sampling.topK)",
      "seeds: \(plan.seeds.map(String.init).joined(separator: ", ")); \(conditions.parallel) at the same time",
    ]
  }

  /// Tokens a second with as many sequences as the plan has: as stated, or measured with short ones.
  private func rates() async throws -> [Role: Double] {
    if let rate { return [.small: rate, .large: rate] }
    let pair = try await Pair.load(plan.conditions, for: plan.needs, with: loader)
    var rates: [Role: Double] = [:]
    for (role, engine) in [(Role.small, pair.small), (.large, pair.large)] {
      guard let engine else { continue }
      let bench = EngineBench(engine, prompt: 16, tokens: max(2, min(64, plan.conditions.contextSize - 16)))
      _ = try await bench.write(sequences: plan.conditions.parallel)  // warm-up
      rates[role] = try await bench.write(sequences: plan.conditions.parallel)
    }
    return rates
  }
}
