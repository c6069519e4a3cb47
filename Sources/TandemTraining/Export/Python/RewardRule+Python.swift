extension RewardRule {
  /// The rule as Python source: its coefficients, `parts` with its formula, and `rewards`, which adds up.
  func python() throws(TrainingError) -> String {
    let (name, formula, body) = (type(of: reward).name, type(of: reward).formula, type(of: reward).python)
    return """
      # The reward \(name): \(formula)
      \(try reward.coefficients().map { "\($0.key.constantName) = \($0.value.python)" }.sorted().joined(separator: "\n"))
      # Whether only right answers hear of their length.
      CORRECT_ONLY = \(isCorrectOnly ? "True" : "False")


      def parts(group, context):
          \(body.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    "))


      def rewards(group, context):
          \"""What each completion of one prompt earns; all of them are rewarded together.\"""
          return [
              accuracy if CORRECT_ONLY and not outcome.is_correct else accuracy + length
              for outcome, (accuracy, length) in zip(group, parts(group, context))
          ]
      """
  }
}

extension Coefficient {
  /// A literal that Python reads as the same number.
  fileprivate var python: String {
    switch self {
    case .number(let value): "\(value)"
    case .group(let values):
      "{" + values.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value.python)" }.joined(separator: ", ") + "}"
    }
  }
}

extension String {
  /// `lengthWeight` as `LENGTH_WEIGHT`.
  fileprivate var constantName: String { map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined() }
}
