/// The parts of the Python file that are the same for every reward.
enum PythonSource {
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
