public import TandemInference

/// Length-filtered vote (When More is Less; Wu et al., arXiv:2502.07266): n chains with their answers, grouped by
/// length; the K groups whose answers agree best vote. Without groups it is self-consistency (Wang et al.,
/// arXiv:2203.11171): the majority of all.
///
/// Agreement is the entropy of a group's answers (Sec. 5 of the paper). D and K are from memory, confirmed by a third
/// party's notes; no code was read, and both are settings. A group of one always agrees with itself, so between equal
/// entropies the larger group counts first, and a group may need a minimum number of chains.
public struct LengthFilteredVote: Strategy {
  /// "length-filtered-vote".
  public static let name = "length-filtered-vote"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "Several chains of thought; those of the lengths at which answers agree vote.",
    paper: "When More is Less: Understanding Chain-of-Thought Length in LLMs, arXiv:2502.07266",
    tested: "golden groups and transcripts; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init("samples", \.samples, "how many chains", .range(1...mostAtOnce), paper: "n"),
    .init("unit", \.unit, "what a length is counted in (paper: thoughts)"),
    .init("width", \.width, "how many lengths a group spans; 2 from memory", .range(1...Budget.mostTokens), paper: "D"),
    .init(
      "groups", \.groups, "how many groups vote; 3 from memory, 0 is all, without a filter",
      .range(0...Budget.mostTokens), paper: "K"),
    .init(
      "minimumGroup", \.minimumGroup, "fewest chains of a group that votes (paper: 1)", .range(1...Budget.mostTokens)),
  ]
  /// A small model that can fork its sessions, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork]]

  /// The model that reasons.
  public var role = Role.small
  /// n: the number of chains.
  public var samples = 8
  /// The unit of a chain's length.
  public var unit = Unit.thoughts
  /// D: how many lengths a group spans.
  public var width = 2
  /// K: the number of groups that vote; 0 is all, without a filter.
  public var groups = 3
  /// The fewest chains of a group that votes.
  public var minimumGroup = 1

  /// The unit of a chain's length.
  public enum Unit: String, Sendable, SettingChoice {
    /// Paragraphs: the text between two blank lines.
    case thoughts
    /// Tokens.
    case tokens
  }

  /// D = 2 and K = 3; the number of chains is ours.
  public init() {}

  /// D = 2 and K = 3; the number of chains is ours.
  public static let paper = Self()

  /// The majority of all chains.
  public static var selfConsistency: Self {
    var strategy = Self()
    strategy.groups = 0
    return strategy
  }

  /// Forks, if there is more than one chain.
  public var needs: [Role: EngineCapabilities] { [role: samples > 1 ? .fork : []] }
  /// One session a chain.
  public var sessions: [Role: Int] { [role: samples] }

  /// One for each chain.
  public var tries: [Role: Int] { [role: samples] }

  /// Draws the chains and lets them vote.
  public func reason(in run: inout ReasoningRun) async throws {
    // 1. n chains with their answers, one batch; without thinking, n answers.
    if !run.canThink { guard try run.endThinking(for: role) else { return } }
    let paths = try await run.draft(role, count: samples, upTo: .endOfTurn())

    // 2. The lengths at which answers agree.
    let keys = paths.map { Vote.key(of: $0.answer.text) }
    let voters = voters(lengths: paths.map(length), keys: keys)

    // 3. Their vote. If no chain has an answer, the first one is as good as any.
    let votes = keys.indices.map { voters.contains($0) ? keys[$0] : nil }
    let chosen = Vote.winner(among: votes)
    run.select(Selection(voting: votes, chosen: chosen))
    for (index, path) in paths.enumerated() where index != chosen ?? 0 { run.reject(path, because: .outvoted) }
    try run.accept(paths[chosen ?? 0])
    try await run.conclude(by: role)
  }

  /// The chains that vote: those of the `groups` groups whose answers have the least entropy, or all if no group is
  /// large enough.
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
