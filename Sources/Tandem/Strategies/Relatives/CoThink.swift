public import TandemInference

/// CoThink (Fan et al., arXiv:2505.22017): one model writes an outline without solving anything, the other one
/// thinks along it.
///
/// By its abstract the paper's planner is an instruct model that drafts an outline without solving, its solver a
/// reasoning one. It has no released code, and its prompts could not be read: these are ours, and settings, and so is
/// the length of an outline.
public struct CoThink: Strategy {
  public static let name = "co-think"
  public static let about = StrategyDescription(
    summary: "One model writes an outline, the other one solves the problem along it.",
    paper: "The Price of a Second Thought (CoThink), arXiv:2505.22017",
    settings: [
      "planner": "who writes the outline: small or large; the other one solves",
      "planTokens": "most tokens of the outline",
      "planRequest": "what the planner is asked; {question} is the problem",
      "solveRequest": "what the solver is asked; {question} is the problem, {outline} the outline",
    ],
    tested: "golden transcripts, with prompts of our own; not measured: it needs models that read English, and the "
      + "nano pair does not")
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  public var planner = Role.large
  public var planTokens = 512
  public var planRequest =
    "Write a short numbered outline of how to solve the problem. Name the key facts, formulas and the order of steps. "
    + "Do not carry out the calculations and do not state the answer.\n\nProblem:\n{question}"
  public var solveRequest =
    "{question}\n\nOutline:\n{outline}\n\nWork out the solution following the outline; deviate only if a step is "
    + "wrong. Put the final answer in \\boxed{}."

  public init() {}

  public func validate() throws(ReasoningError) {
    guard planTokens > 0 else {
      throw .invalidSetting(name: "planTokens", reason: "must be at least 1, not \(planTokens)")
    }
    guard solveRequest.contains("{outline}") else {
      throw .invalidSetting(name: "solveRequest", reason: "must contain {outline}")
    }
    for (name, text) in [("planRequest", planRequest), ("solveRequest", solveRequest)]
    where !text.contains("{question}") {
      throw .invalidSetting(name: name, reason: "must contain {question}")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    // 1. An outline. It goes into the other one's prompt, not into the chain.
    var problem = run.problem
    problem.question = planRequest.replacing("{question}", with: run.problem.question)
    try run.pose(problem, to: planner)
    run.handOver(to: planner, because: .plan)
    let plan = try await run.write(planner, upTo: .tokens(planTokens), isTentative: true)
    run.reject(plan, because: .plan)
    // What a planner that thinks has thought is no part of it.
    let outline = (plan.answer.thoughts.isEmpty ? plan : plan.answer).text.trimmingWhitespace

    // 2. The solution along it.
    let solver = planner.other
    problem.question = Self.filled(solveRequest, question: run.problem.question, outline: outline)
    try run.pose(problem, to: solver)
    run.handOver(to: solver, because: .plan)
    while run.canThink() { try run.accept(try await run.write(solver, upTo: .endOfSegment)) }
    try await run.conclude(by: solver)
  }

  /// Both filled in at once: a question that contains "{outline}" stays as it is.
  private static func filled(_ request: String, question: String, outline: String) -> String {
    request.split(separator: "{question}", omittingEmptySubsequences: false)
      .map { $0.replacing("{outline}", with: outline) }.joined(separator: question)
  }
}

extension Reason {
  /// An outline, which is read in the other model's prompt.
  public static let plan = Self(rawValue: "plan")
}
