/// The parts of the Python file that are the same for every reward.
enum PythonSource {
  /// What a reward is told.
  static let values = #"""
    class Outcome(NamedTuple):
        """What a reward knows of one completion."""

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
        """The share of right ones; 0 where there are none."""
        return sum(outcome.is_correct for outcome in group) / len(group) if group else 0.0


    def mean_length(group):
        """0 where there are none."""
        return sum(outcome.length for outcome in group) / len(group) if group else 0.0
    """#

  /// From a completion to its outcome.
  static let reading = #"""
    def read(text, is_complete, encode, answer):
        """The outcome of a completion. `encode` makes tokens of text; `is_complete` says that the model ended it itself."""
        thinking, end, output = text.partition(THINKING_END) if THINKING_END else (text, True, text)
        tokens = encode(thinking)
        is_correct = bool(end) and is_complete and judge(output, answer)
        return Outcome(len(tokens), is_correct, not (end and is_complete), is_repetitive(tokens))


    def is_repetitive(tokens):
        """Whether some run of twelve tokens is there three times."""
        runs = Counter(tuple(tokens[start : start + 12]) for start in range(len(tokens) - 11))
        return len(tokens) >= 36 and max(runs.values()) >= 3


    def context_of(row):
        """What the prompt asks for, from the columns of the data."""
        reference = None
        if row.get("reference_length") is not None:
            reference = Reference(row["reference_length"], row["reference_accuracy"])
        return Context(LIMIT, row.get("level"), row.get("budget"), reference, VALIDATION_ACCURACY)
    """#
}
