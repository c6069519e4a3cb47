public import TandemInference

/// Length-filtered vote (When More is Less; Wu et al., arXiv:2502.07266): n chains with their answers, grouped by
/// length; the K groups whose answers agree best vote. Without groups it is self-consistency (Wang et al.,
/// arXiv:2203.11171): the majority of all.
///
/// Agreement is the entropy of a group's answers (Sec. 5 of the paper). D and K are from memory, and a third party's
/// notes have the same; no code was read, and both are settings. A group of one always agrees with itself, so between
/// equal entropies the larger group counts first, and groups can be asked to have a least number of chains.
public struct LengthFilteredVote: Strategy {
  public static let name = "length-filtered-vote"
  public static let about = StrategyDescription(
    summary: "Several chains of thought; those of the lengths at which answers agree vote.",
    paper: "When More is Less: Understanding Chain-of-Thought Length in LLMs, arXiv:2502.07266",
    settings: [
      "role": "which model: small or large", "samples": "n: how many chains",
      "unit": "what a length is counted in: thoughts (paper) or tokens",
      "width": "D: how many lengths a group spans (paper: 2, from memory)",
      "groups": "K: how many groups vote (paper: 3, from memory); 0 is all, without a filter",
      "minimumGroup": "least number of chains of a group that votes (paper: 1)",
    ], tested: "golden groups and transcripts; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork]]

  public var role = Role.small
  public var samples = 8
  public var unit = Unit.thoughts
  public var width = 2
  public var groups = 3
  public var minimumGroup = 1

  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// Paragraphs: what stands between two blank lines.
    case thoughts
    case tokens
  }

  public init() {}

  /// D = 2 and K = 3; the number of chains is ours.
  public static let paper = Self()

  /// The majority of all chains.
  public static var selfConsistency: Self {
    var strategy = Self()
    strategy.groups = 0
    return strategy
  }

  public var needs: [Role: EngineCapabilities] { [role: samples > 1 ? .fork : []] }
  public var sessions: [Role: Int] { [role: samples] }

  public func validate() throws(ReasoningError) {
    guard (1...Self.mostAtOnce).contains(samples) else {
      throw .invalidSetting(name: "samples", reason: "must be from 1 to \(Self.mostAtOnce), not \(samples)")
    }
    for (name, value) in [("width", width), ("minimumGroup", minimumGroup)] where value < 1 {
      throw .invalidSetting(name: name, reason: "must be at least 1, not \(value)")
    }
    guard groups >= 0 else {
      throw .invalidSetting(name: "groups", reason: "must be 0 or more, not \(groups)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    // 1. n chains with their answers, one batch.
    let paths = try await run.draft(role, count: samples, upTo: .endOfTurn())

    // 2. The lengths at which answers agree.
    let keys = paths.map { Vote.key(of: $0.answer.text) }
    let voters = voters(lengths: paths.map(length), keys: keys)

    // 3. Their vote. Where nobody has an answer, the first chain is as good as any.
    let votes = keys.indices.map { voters.contains($0) ? keys[$0] : nil }
    let chosen = Vote.winner(among: votes)
    run.select(Selection(voting: votes, chosen: chosen))
    for (index, path) in paths.enumerated() where index != chosen ?? 0 { run.reject(path, because: .outvoted) }
    try run.accept(paths[chosen ?? 0])
    try await run.conclude(by: role)
  }

  /// Which chains vote: those of the `groups` groups whose answers have the least entropy. All, where no group is large
  /// enough.
  func voters(lengths: [Int], keys: [String?]) -> Set<Int> {
    let answered = keys.indices.filter { keys[$0] != nil }
    guard groups > 0 else { return Set(answered) }
    let byLength = Dictionary(grouping: answered) { lengths[$0] / width }.filter { $0.value.count >= minimumGroup }
    let ranked = byLength.sorted { a, b in
      let (x, y) = (Entropy.nats(ofCounts: a.value.map { keys[$0] }), Entropy.nats(ofCounts: b.value.map { keys[$0] }))
      return (x, -a.value.count, a.key) < (y, -b.value.count, b.key)
    }
    let voters = Set(ranked.prefix(groups).flatMap(\.value))
    return voters.isEmpty ? Set(answered) : voters
  }

  private func length(_ path: Passage) -> Int {
    switch unit {
    case .tokens: path.thinking.tokenCount
    case .thoughts: path.thinking.text.split(separator: "\n\n").count
    }
  }
}
