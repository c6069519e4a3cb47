import Tandem
import TandemInference

/// A run that is ready to begin: what a request asks, resolved against the model that it names.
struct RunPlan: Sendable {
  let model: ServedModel
  let strategy: any Strategy
  /// The pair with the request's sampling and budget.
  let solver: Solver
  let problem: Problem
  let seed: UInt64
  let deadline: RunDeadline?
  /// Runs of one key are admitted in order, and those of several in turn.
  let key: String
  /// The tokens of each model's prompt.
  let promptTokens: [Role: Int]
  /// How calls of tools are read from the answer; nil if it can have none.
  let tools: ToolPlan?
  /// Whether no model marks its thinking, so that all it writes is the answer.
  let isUnmarked: Bool

  /// One plan for each choice that `request` asks for.
  ///
  /// Throws if it asks for something that does not exist, or if a prompt leaves no room for an answer.
  static func plans(
    _ request: RunRequest, models: ServedModels, arrival: ContinuousClock.Instant, limit: Duration?, key: String
  ) throws -> [RunPlan] {
    let model = try models.model(named: request.model)
    let strategy = try model.strategy(request.strategy, request.settings)
    let roles = Set(strategy.needs.keys)
    var solver = model.pair.solver
    let window = solver.window(for: roles)
    for role in roles {
      request.sampling.apply(to: &solver[role])
      try solver[role]?.setVariables(request.templateVariables)
    }
    let tools = try ToolPlan(request.tools, for: roles.sorted { $0.rawValue < $1.rawValue }.compactMap { solver[$0] })
    if let format = tools?.format {
      for role in roles { solver[role]?.shownControls = [format.marker, format.closingMarker].filter { !$0.isEmpty } }
    }
    let problem = try Problem(request, tools)
    var promptTokens: [Role: Int] = [:]
    for role in roles {
      guard let participant = solver[role] else { continue }
      let count = try participant.promptTokens(of: problem)
      guard count < participant.model.contextSize else {
        throw ServerError.tooLong(needed: count, capacity: participant.model.contextSize)
      }
      promptTokens[role] = count
    }
    let isUnmarked = roles.allSatisfy { solver[$0]?.format.closing == nil }
    solver.budget = try request.limits.budget(
      over: model.budget, window: window, prompt: promptTokens.values.max() ?? 0, isUnmarked: isUnmarked)
    solver.answering = AnswerRules(
      stops: request.stops, grammar: request.grammar, alternatives: request.alternatives)
    if let grammar = tools?.grammar {
      guard request.grammar == nil else {
        throw ServerError.invalid(
          "'tools' and 'response_format' can't be used together: leave one of them out.", "response_format",
          code: "unsupported")
      }
      solver.answering.grammar = grammar
    }
    try solver.check(strategy)
    let deadline = RunDeadline(seconds: request.deadline, limit: limit, from: arrival)
    let seed = request.seed ?? .drawnSeed
    return (0..<request.choices).map { choice in
      RunPlan(
        model: model, strategy: strategy, solver: solver, problem: problem, seed: seed &+ UInt64(choice),
        deadline: deadline, key: key, promptTokens: promptTokens, tools: tools, isUnmarked: isUnmarked)
    }
  }
}

/// When a run has to be over. Its thinking ends when a quarter of the time is left, so that there is an answer by then.
struct RunDeadline: Sendable {
  let thinking: ContinuousClock.Instant
  let end: ContinuousClock.Instant

  /// The earlier of what a request and the server say, counted from the request's arrival; nil if neither says anything.
  init?(seconds: Double?, limit: Duration?, from arrival: ContinuousClock.Instant) {
    guard let duration = [seconds.map { Duration.seconds($0) }, limit].compactMap(\.self).min() else { return nil }
    end = arrival + duration
    thinking = arrival + duration * 0.75
  }
}

/// What a deadline has cut.
enum DeadlineCut: Sendable {
  case nothing
  /// The thinking, if it was still going on; the answer was written.
  case thinking
  case run
}

extension ServedModel {
  /// The model's strategy, or the pair's called `name`, with some settings changed.
  fileprivate func strategy(_ name: String?, _ changes: [String: Setting]) throws -> any Strategy {
    let base = if let name, name != strategy.strategyName { try pair.strategy(named: name) } else { strategy }
    return changes.isEmpty ? base : try base.changing(changes)
  }

  /// The most tokens of prompt, thinking and answer.
  var contextSize: Int { pair.solver.window(for: Set(strategy.needs.keys)) }
}

extension Solver {
  /// The models by role.
  subscript(role: Role) -> Participant? {
    get { role == .small ? small : large }
    set { if role == .small { small = newValue } else { large = newValue } }
  }

  /// The smallest window of the models in `roles`.
  func window(for roles: Set<Role>) -> Int { roles.compactMap { self[$0]?.model.contextSize }.min() ?? 0 }
}

extension Participant {
  /// Sets variables of the model's chat template. Throws if the template has no such variable.
  fileprivate mutating func setVariables(_ variables: [String: TemplateVariable]) throws(ServerError) {
    if let unknown = variables.keys.filter({ model.template.source?.contains($0) != true }).min() {
      let place = "chat_template_kwargs.\(unknown)"
      throw .invalid(
        "The chat template of \(model.name) has no variable '\(unknown)'.", place, code: "unknown_variable")
    }
    templateVariables.merge(variables) { $1 }
  }
}
