/// What a thought contributes to a chain, as SEAL distinguishes them (arXiv:2504.07986, Sec. 2).
public enum ThoughtKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Continues the solution.
  case execution
  /// Looks back at what was done.
  case reflection
  /// Changes to another way of solving the problem.
  case transition

  /// The kind of a thought, by words anywhere in it, in upper or lower case. A thought that announces another way is a
  /// transition even if it looks back too; one without any of the words is execution.
  ///
  /// The words are those of a replication (EasySteer's `replications/seal`); the authors' own code was not read.
  public init(of text: String) {
    let text = text.lowercased()
    let isOne: ([String]) -> Bool = { words in words.contains { text.contains($0) } }
    self = isOne(Self.transitionWords) ? .transition : isOne(Self.reflectionWords) ? .reflection : .execution
  }

  private static let transitionWords =
    ["alternatively", "think differently"]
    + ["way", "approach", "method", "solution", "strategy", "technique"].map { "another \($0)" }
  private static let reflectionWords = [
    "wait", "verify", "make sure", "hold on", "think again", "'s correct", "'s incorrect", "let me check",
    "seems right",
  ]
}
