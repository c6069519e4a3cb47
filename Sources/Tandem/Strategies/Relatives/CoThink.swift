public import TandemInference

/// CoThink (Fan et al., arXiv:2505.22017): one model writes an outline without solving anything, the other one
/// thinks along it.
///
/// By its abstract the paper's planner is an instruct model that drafts an outline without solving, its solver a
/// reasoning one. It has no released code, and its prompts could not be read: these are ours, and settings, and so is
/// the length of an outline.
public struct CoThink: Strategy {
  /// "co-think".
  public static let name = "co-think"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model writes an outline, the other one solves the problem along it.",
    paper: "The Price of a Second Thought (CoThink), arXiv:2505.22017",
    tested: "golden transcripts, with prompts of our own; not measured: it needs models that read English, and the "
      + "nano pair does not")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("planner", \.planner, "who writes the outline; the other model solves"),
    .init("planTokens", \.planTokens, "most tokens of the outline", .range(1...Budget.mostTokens)),
    .init(
      "planRequest", \.planRequest, "what the planner is asked; {question} is the problem", .containing("{question}")),
    .init(
      "solveRequest", \.solveRequest, "what the solver is asked; {question} is the problem, {outline} the outline",
      .containing("{outline}", "{question}")),
  ]
  /// Any pair.
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  /// The model that writes the outline; the other one solves.
  public var planner = Role.large
  /// The most tokens of the outline.
  public var planTokens = 512
  /// What the planner is asked; `{question}` is the problem.
  public var planRequest =
    "Write a short numbered outline of how to solve the problem. Name the key facts, formulas and the order of steps. "
    + "Do not carry out the calculations and do not state the answer.\n\nProblem:\n{question}"
  /// What the solver is asked; `{question}` is the problem, `{outline}` the outline.
  public var solveRequest =
    "{question}\n\nOutline:\n{outline}\n\nWork out the solution following the outline; deviate only if a step is "
    + "wrong. Put the final answer in \\boxed{}."

  /// The large model plans.
  public init() {}

  /// Lets one model plan and the other one solve.
  public func reason(in run: inout ReasoningRun) async throws {
    // 1. An outline. It becomes part of the other model's prompt, not of the chain.
    var problem = run.problem
    problem.question = planRequest.replacing("{question}", with: run.problem.question)
    try run.pose(problem, to: planner)
    run.handOver(to: planner, because: .plan)
    let plan = try await run.write(planner, upTo: .tokens(planTokens), isTentative: true)
    run.reject(plan, because: .plan)
    // The thinking of a planner that thinks is not part of it.
    let outline = (plan.answer.thoughts.isEmpty ? plan : plan.answer).text.trimmingWhitespace

    // 2. The solution along it.
    let solver = planner.other
    problem.question = Self.filled(solveRequest, question: run.problem.question, outline: outline)
    try run.pose(problem, to: solver)
    run.handOver(to: solver, because: .plan)
    try await run.think(by: solver)
    try await run.conclude(by: solver)
  }

  /// Fills both in at once, so that a question that contains "{outline}" stays as it is.
  private static func filled(_ request: String, question: String, outline: String) -> String {
    request.split(separator: "{question}", omittingEmptySubsequences: false)
      .map { $0.replacing("{outline}", with: outline) }.joined(separator: question)
  }
}

extension Reason {
  /// An outline, which the other model reads in its prompt.
  public static let plan: Self = "plan"
}
