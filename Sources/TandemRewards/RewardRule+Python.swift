extension RewardRule {
  /// The rule as Python source: its coefficients, `parts` with its formula, and `rewards`, which adds up.
  package func python() throws(RewardError) -> String {
    let (name, formula, body) = (type(of: reward).name, type(of: reward).formula, type(of: reward).python)
    return """
      # The reward \(name): \(formula)
      \(try reward.coefficients().map { "\($0.key.constantName) = \($0.value.python)" }.sorted().joined(separator: "\n"))
      # Whether the length term applies to correct answers only.
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

extension RewardRule {
  /// The Python types and functions that every rule uses.
  package static let pythonTypes = #"""
    class Outcome(NamedTuple):
        """One completion, as a reward sees it."""

        # Tokens of the thinking: L in the formulas.
        length: int
        # 1[correct] in the formulas.
        is_correct: bool
        # Whether it ran into the limit, or lacks the end of its thinking.
        is_cut: bool = False
        # Whether it repeats itself.
        is_repetitive: bool = False


    class Reference(NamedTuple):
        """Means over completions of the reference model."""

        mean_length: float
        accuracy: float


    class Context(NamedTuple):
        """What a reward may know beyond the completions of one prompt."""

        # The most tokens of a completion: L_max.
        limit: int
        # The level that the prompt asks for: short, medium or long.
        level: Optional[str] = None
        # The tokens that the prompt asks for: n_gold of L1.
        budget: Optional[int] = None
        reference: Optional[Reference] = None
        # The share of right answers on problems that are not trained on.
        validation_accuracy: Optional[float] = None


    def require(value, what):
        if value is None:
            raise ValueError(f"the reward needs {what}")
        return value


    def accuracy_of(group):
        """The share of right ones; 0 if there are none."""
        return sum(outcome.is_correct for outcome in group) / len(group) if group else 0.0


    def mean_length(group):
        """0 if there are none."""
        return sum(outcome.length for outcome in group) / len(group) if group else 0.0
    """#
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
