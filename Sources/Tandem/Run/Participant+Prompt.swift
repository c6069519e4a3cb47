import TandemInference

extension Participant {
  /// How many tokens the prompt for `problem` has. Throws if the template can't be rendered.
  package func promptTokens(of problem: Problem) throws -> Int {
    let parts = try model.template.prompt(
      for: problem.promptMessages, tools: problem.tools, variables: templateVariables)
    return try model.tokenizer.encode(format.primed(parts)).count
  }
}
