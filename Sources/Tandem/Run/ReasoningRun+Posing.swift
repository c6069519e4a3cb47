import TandemInference

/// What the models are asked.
extension ReasoningRun {
  /// Puts another problem to a model than the run's own: instructions, examples, a plan.
  ///
  /// Throws `contextFull` where it leaves no room for what may be written.
  public mutating func pose(_ problem: Problem, to role: Role) throws {
    let reasoner = try reasoner(role).posed(problem)
    let (needed, capacity) = (reasoner.promptCount + budget.tokens, reasoner.model.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    reasoners[role] = reasoner
  }
}
