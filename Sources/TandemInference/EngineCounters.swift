/// What an engine has done, counted where it happens.
///
/// Tokens evaluated, all in all: `prefilled + decoded + proposals.rejected`.
public struct EngineCounters: Sendable, Hashable, Codable {
  /// Tokens evaluated that the session had not sampled itself: prompts, catch-up, inserted text, scoring.
  public var prefilled = 0
  /// Those of them that were evaluated before they were asked for, while another model wrote.
  public var ahead = 0
  /// Tokens drawn.
  public var sampled = 0
  /// Own tokens evaluated, to sample the next one after them; those that had been proposed are among them.
  public var decoded = 0
  /// Calls of the model's forward pass.
  public var steps = 0
  /// What became of proposed tokens.
  public var proposals = ProposalCounts()
  /// What a server was made to do; nil for an engine in this process.
  public var server: ServerCounters?

  /// Nothing yet.
  public init() {}

  /// What records of earlier versions lack is 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    prefilled = try values.decode(Int.self, forKey: .prefilled)
    ahead = try values.decodeIfPresent(Int.self, forKey: .ahead) ?? 0
    sampled = try values.decode(Int.self, forKey: .sampled)
    decoded = try values.decode(Int.self, forKey: .decoded)
    steps = try values.decode(Int.self, forKey: .steps)
    proposals = try values.decodeIfPresent(ProposalCounts.self, forKey: .proposals) ?? .init()
    server = try values.decodeIfPresent(ServerCounters.self, forKey: .server)
  }

  /// The work of both.
  public static func + (a: Self, b: Self) -> Self {
    var sum = Self()
    sum.prefilled = a.prefilled + b.prefilled
    sum.ahead = a.ahead + b.ahead
    sum.sampled = a.sampled + b.sampled
    sum.decoded = a.decoded + b.decoded
    sum.steps = a.steps + b.steps
    sum.proposals = a.proposals + b.proposals
    sum.server = a.server + b.server
    return sum
  }

  /// The work since `b` was read.
  public static func - (a: Self, b: Self) -> Self {
    var difference = Self()
    difference.prefilled = a.prefilled - b.prefilled
    difference.ahead = a.ahead - b.ahead
    difference.sampled = a.sampled - b.sampled
    difference.decoded = a.decoded - b.decoded
    difference.steps = a.steps - b.steps
    difference.proposals = a.proposals - b.proposals
    difference.server = a.server - b.server
    return difference
  }
}

/// What became of the tokens that a `Proposer` proposed.
public struct ProposalCounts: Sendable, Hashable, Codable {
  /// How many tokens were proposed, by their place in the proposal.
  public private(set) var proposed: [Int] = []
  /// How many of these were then drawn, by the same place. A place that came after a wrong one was not.
  public private(set) var accepted: [Int] = []
  /// Tokens evaluated in vain: what followed them was not drawn from their logits.
  public package(set) var rejected = 0
  /// Passes for which nothing was to be proposed, since that would not have saved time, or to measure what such a pass
  /// takes.
  public package(set) var skipped = 0

  /// Nothing yet.
  public init() {}

  /// What records of earlier versions lack is 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    proposed = try values.decode([Int].self, forKey: .proposed)
    accepted = try values.decode([Int].self, forKey: .accepted)
    rejected = try values.decode(Int.self, forKey: .rejected)
    skipped = try values.decodeIfPresent(Int.self, forKey: .skipped) ?? 0
  }

  /// Notes that `count` tokens were proposed in a row.
  package mutating func propose(_ count: Int) {
    proposed += Array(repeating: 0, count: max(0, count - proposed.count))
    for place in 0..<count { proposed[place] += 1 }
  }

  /// Notes that the token at `place` of a proposal was drawn.
  package mutating func accept(_ place: Int) {
    accepted += Array(repeating: 0, count: max(0, place + 1 - accepted.count))
    accepted[place] += 1
  }

  /// The work of both.
  public static func + (a: Self, b: Self) -> Self { combine(a, b, +) }
  /// The work since `b` was read.
  public static func - (a: Self, b: Self) -> Self { combine(a, b, -) }

  private static func combine(_ a: Self, _ b: Self, _ operation: (Int, Int) -> Int) -> Self {
    func places(_ a: [Int], _ b: [Int]) -> [Int] {
      guard !a.isEmpty || !b.isEmpty else { return [] }
      let counts = (0..<max(a.count, b.count)).map {
        operation($0 < a.count ? a[$0] : 0, $0 < b.count ? b[$0] : 0)
      }
      return Array(counts.prefix((counts.lastIndex { $0 != 0 } ?? -1) + 1))  // what did not happen leaves no zeros
    }
    var result = Self()
    result.proposed = places(a.proposed, b.proposed)
    result.accepted = places(a.accepted, b.accepted)
    result.rejected = operation(a.rejected, b.rejected)
    result.skipped = operation(a.skipped, b.skipped)
    return result
  }
}
