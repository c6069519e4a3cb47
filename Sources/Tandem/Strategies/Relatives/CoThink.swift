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
    let solver = planner.other
    var request = request(planRequest, about: run.problem)
    request.answerBeginning = ""  // an outline is no answer
    // An outline has at most half of the solver's window, so that the solver can think too.
    let most = min(
      try run.room(posing: request, to: planner),
      try run.room(posing: self.request(solveRequest, about: run.problem), to: solver) / 2)
    // Without room for an outline, or for thinking along it, the problem is answered as it is.
    if most < 1 { run.limitThinking(toTokens: 0) }
    guard run.canThink else { return try await run.conclude(by: solver) }

    // 1. An outline. It becomes part of the other model's prompt, not of the chain.
    try run.pose(request, to: planner)
    run.handOver(to: planner, because: .plan)
    let plan = try await run.write(planner, upTo: .tokens(min(planTokens, most)), isTentative: true)
    run.reject(plan, because: .plan)
    // The thinking of a planner that thinks is not part of it.
    var outline = (plan.answer.thoughts.isEmpty ? plan : plan.answer).text.trimmingWhitespace
    try run.pose(run.problem, to: planner)

    // 2. The solution along it. In the solver's vocabulary, or read in one go, it may be more tokens.
    var (solution, size) = (self.request(solveRequest, about: run.problem, along: outline), most)
    while try run.room(posing: solution, to: solver) < 1, size > 0 {
      size -= max(size / 8, 1)
      outline = try run.shortened(outline, toTokens: size, for: solver)
      solution = self.request(solveRequest, about: run.problem, along: outline)
    }
    try run.pose(solution, to: solver)
    run.handOver(to: solver, because: .plan)
    try await run.think(by: solver)
    try await run.conclude(by: solver)
  }

  private func request(_ text: String, about problem: Problem, along outline: String = "") -> Problem {
    var copy = problem
    copy.question = Self.filled(text, question: problem.question, outline: outline)
    return copy
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
