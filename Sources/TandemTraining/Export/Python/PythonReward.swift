import FoundationEssentials

/// A length reward that can be written as Python: for models that other frameworks train.
///
/// `python` is the twin of `rewards(of:_:)`, step by step and with the same names; a test runs both. Coefficients are
/// constants that are named as in Swift, in capitals: `lengthWeight` is `LENGTH_WEIGHT`.
package protocol PythonReward: LengthReward {
  /// What it earns, in a formula.
  static var formula: String { get }
  /// Whether the reward of a completion depends on the others of its prompt.
  static var comparesGroup: Bool { get }
  /// The body of `def parts(group, context)`: what each completion of `group` earns for being right or wrong, and for
  /// its length.
  static var python: String { get }
}

extension RewardRule {
  /// The rule as Python. Throws `invalidOption` where nobody has written it.
  package func pythonReward() throws(TrainingError) -> any PythonReward {
    guard let reward = reward as? any PythonReward else {
      throw .invalidOption(name: "reward", reason: "\(type(of: reward).name) is not there in Python")
    }
    return reward
  }

  /// The rule as Python source: its coefficients, `parts` with its formula, and `rewards`, which adds up.
  func python() throws(TrainingError) -> String {
    let reward = try pythonReward()
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
