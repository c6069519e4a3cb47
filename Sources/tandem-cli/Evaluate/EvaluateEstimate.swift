import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemInference
import TandemSetup
import TandemTasks

/// What `--dry-run` prints: the jobs, and what they take.
struct EvaluateEstimate {
  private let plan: Plan
  private let rates: [Role: Double]
  private let hourly: EstimateDraft.Pair?
  private let estimate: PlanEstimate

  /// Measures the models of a plan, unless the user states how fast they are.
  ///
  /// - Parameter rate: Tokens a second of either model.
  init(_ plan: Plan, _ tasks: [LoadedTask], rate: Double?, loader: EngineLoader) async throws {
    let problems = tasks.map(\.exercises.count)
    if let rate {
      try self.init(plan, problems: problems, rates: [.small: rate, .large: rate])
    } else {
      let (rates, guides) = try await Self.measured(plan, loader)
      try self.init(plan, problems: problems, rates: rates, guides: guides)
    }
  }

  /// Takes a draft that states its rates as it is: nothing is looked for, loaded or asked.
  ///
  /// - Parameter rate: Tokens a second of either model, instead of the draft's rates.
  init(_ draft: PlanDraft, stating stated: EstimateDraft, rate: Double?) throws {
    let plan = try draft.outline()
    try plan.validate()
    let rates = Role.allCases.reduce(into: [Role: Double]()) { $0[$1] = rate ?? stated.rates[$1] }
    try self.init(
      plan, problems: plan.tasks.map { try $0.statedProblems }, rates: rates,
      paper: draft.paper.map { try Paper.named($0) }, hourly: stated.hourly)
  }

  private init(
    _ plan: Plan, problems: [Int], rates: [Role: Double], guides: [String: Double] = [:], paper: Paper? = nil,
    hourly: EstimateDraft.Pair? = nil
  ) throws {
    (self.plan, self.rates, self.hourly) = (plan, rates, hourly)
    estimate = try PlanEstimate(plan, problems: problems, rates: rates, guides: guides, paper: paper)
  }

  func print() {
    let hasExpected = estimate.rows.contains(where: \.isExpected)
    let most = hasExpected ? "" : " AT MOST"
    var table = Table(
      ["TASK", "ROW", "RUNS", "TOKENS\(most)", "TIME\(most)"] + (hasExpected ? ["LENGTHS"] : []),
      rightAligned: [2, 3, 4])
    for row in estimate.rows {
      table.add(
        [row.task, row.label, "\(row.runs)", row.tokens.digits(0), row.seconds.asTime]
          + (hasExpected ? [row.isExpected ? "the paper's" : "at most"] : []))
    }
    Console.write(table.text)
    Console.write("\n" + conditionLines.joined(separator: "\n") + "\n")
    Console.write(
      "\(estimate.runs) runs, \(total)\(cost). Rejected probes and pilots of controls are extra; thinking that ends by "
        + "itself takes less.\n")
  }

  /// Rows whose lengths a paper reports, and the others.
  private var total: String {
    func sum(_ rows: [PlanEstimate.Row]) -> String? {
      guard !rows.isEmpty else { return nil }
      let (tokens, seconds) = rows.reduce((0.0, 0.0)) { ($0.0 + $1.tokens, $0.1 + $1.seconds) }
      return "\(tokens.digits(0)) tokens in \(seconds.asTime)"
    }
    let expected = sum(estimate.rows.filter(\.isExpected)).map { "\($0) at the paper's lengths" }
    let most = sum(estimate.rows.filter { !$0.isExpected }).map { "at most \($0)" }
    return [expected, most].compactMap(\.self).joined(separator: " and ")
  }

  /// What the servers cost in this time, all of them all the time; empty without prices.
  private var cost: String {
    guard let hourly else { return "" }
    let price = Role.allCases.reduce(0) { $0 + (plan.conditions.model($1) == nil ? 0 : hourly[$1] ?? 0) }
    return "; all of it costs \((estimate.seconds / 3600 * price).digits(2))"
  }

  private var conditionLines: [String] {
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

  /// Tokens a second with as many sequences as the plan has, measured with short ones: of the pair, and of the models that
  /// steer it.
  private static func measured(
    _ plan: Plan, _ loader: EngineLoader
  ) async throws -> (pair: [Role: Double], guides: [String: Double]) {
    let pair = try await Pair.load(plan.conditions, for: plan.needs, with: loader)
    func rate(of engine: any LanguageModel) async throws -> Double {
      let bench = EngineBench(engine, prompt: 16, tokens: max(2, min(64, plan.conditions.contextSize - 16)))
      _ = try await bench.write(sequences: plan.conditions.parallel)  // warm-up
      return try await bench.write(sequences: plan.conditions.parallel)
    }
    var rates: [Role: Double] = [:]
    for (role, engine) in [(Role.small, pair.small), (.large, pair.large)] {
      if let engine { rates[role] = try await rate(of: engine) }
    }
    var guides: [String: Double] = [:]
    for (path, engine) in pair.guides { guides[path] = try await rate(of: engine) }
    return (rates, guides)
  }
}
