import TandemRewards

extension HandOver {
  /// The reward as one Python file, `tandem_reward.py`, that needs nothing but Python.
  package func python() throws(TrainingError) -> String {
    let compares = type(of: options.reward.reward).comparesGroup
    let reward: String
    do { reward = try options.reward.python() } catch { throw .reward(error) }
    let imports = Set(["import math", "from collections import Counter", "from typing import NamedTuple, Optional"])
      .union(check.imports).union(framework.imports(comparesGroup: compares))
    return """
      \"""The reward of a run that `tandem train export` handed over to \(framework.rawValue).

      The same numbers as Sources/TandemRewards/Rules computes, which Tandem's tests compare with. Python 3.9 or later
      is all that it needs\(framework == .verl ? "; only to count tokens, transformers, which verl has" : "").
      \"""

      \(imports.sorted(by: Self.standsBefore).joined(separator: "\n"))

      # Completions of a prompt, and the most tokens of one.
      GROUP_SIZE = \(options.groupSize)
      LIMIT = \(options.limit)
      # What a model ends its thinking with; if it is empty, all of a completion is thinking and answer at once.
      THINKING_END = \(try thinkingEnd.pythonLiteral())
      # The share of right answers on problems that are not trained on, as it was at the export.
      VALIDATION_ACCURACY = \(validationAccuracy.map { "\($0)" } ?? "None")


      \(RewardRule.pythonTypes)


      \(reward)


      \(PythonSource.reading)


      \(check.python)


      \(framework.entry(comparesGroup: compares))

      """
  }

  /// Modules as wholes before names out of modules, both in the order of the alphabet.
  private static func standsBefore(_ a: String, _ b: String) -> Bool {
    (a.hasPrefix("from") ? 1 : 0, a) < (b.hasPrefix("from") ? 1 : 0, b)
  }
}
