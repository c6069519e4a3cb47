public import TandemInference

/// What a run cost, by model.
public struct Usage: Sendable, Hashable, Codable {
  /// The small model's costs.
  public var small = RoleUsage()
  /// The large model's costs.
  public var large = RoleUsage()

  /// Nothing yet.
  public init() {}

  /// The costs of the model in a role.
  public subscript(role: Role) -> RoleUsage {
    get { role == .small ? small : large }
    set { if role == .small { small = newValue } else { large = newValue } }
  }
}

/// What one model cost. The parts are separate because the papers omit some of them; they add up to the engine's own
/// counts: see `prefilled` and `sampled`.
public struct RoleUsage: Sendable, Hashable, Codable {
  /// Tokens evaluated: the model's own prompt.
  public var prompt = 0
  /// Tokens of the model's own prompt that were in the cache of an earlier run, and not evaluated.
  public var cached = 0
  /// Tokens evaluated: what the other model wrote.
  public var handedOver = 0
  /// Tokens evaluated: text that no model sampled.
  public var inserted = 0
  /// Tokens evaluated a second time.
  public var reevaluated = 0
  /// Tokens evaluated only to judge or try something, and dropped again.
  public var scored = 0
  /// Of all tokens evaluated, those that were read while the other model wrote: counted above too.
  public var ahead = 0
  /// Tokens sampled and kept in the thinking.
  public var thinking = 0
  /// Tokens sampled and kept in the answer.
  public var answer = 0
  /// Tokens sampled and not kept: probes, rejected drafts.
  public var discarded = 0
  /// Draft tokens that were proposed to it and accepted; zero without speculative decoding.
  public var proposals = ProposalCounts()
  /// Seconds spent waiting for this model.
  public var seconds = 0.0
  /// What a server was made to do for this model; nil if none runs it.
  public var server: ServerCounters?

  /// Nothing yet.
  public init() {}

  /// All that was evaluated without having been sampled here: the engine's `prefilled`.
  public var prefilled: Int { prompt + handedOver + inserted + reevaluated + scored }
  /// All that was sampled: the engine's `sampled`.
  public var sampled: Int { thinking + answer + discarded }

  /// The costs of both.
  public static func + (a: Self, b: Self) -> Self {
    var sum = Self()
    sum.prompt = a.prompt + b.prompt
    sum.cached = a.cached + b.cached
    sum.handedOver = a.handedOver + b.handedOver
    sum.inserted = a.inserted + b.inserted
    sum.reevaluated = a.reevaluated + b.reevaluated
    sum.scored = a.scored + b.scored
    sum.ahead = a.ahead + b.ahead
    sum.thinking = a.thinking + b.thinking
    sum.answer = a.answer + b.answer
    sum.discarded = a.discarded + b.discarded
    sum.seconds = a.seconds + b.seconds
    sum.proposals = a.proposals + b.proposals
    sum.server = a.server + b.server
    return sum
  }
}

extension Usage {
  /// The costs of both.
  public static func + (a: Self, b: Self) -> Self {
    var sum = Self()
    sum.small = a.small + b.small
    sum.large = a.large + b.large
    return sum
  }

  /// The large model's share of the sampled thinking that was kept; nil if there is none.
  public var largeShare: Double? {
    let total = small.thinking + large.thinking
    return total > 0 ? Double(large.thinking) / Double(total) : nil
  }
}

extension RoleUsage {
  /// Reads the costs; a field that traces of earlier versions lack is 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let least = -1_000_000_000_000  // the difference of two counts
    prompt = try values.decodeCount(forKey: .prompt, from: least)
    cached = try values.decodeCountIfPresent(forKey: .cached) ?? 0
    handedOver = try values.decodeCount(forKey: .handedOver, from: least)
    inserted = try values.decodeCount(forKey: .inserted, from: least)
    reevaluated = try values.decodeCount(forKey: .reevaluated, from: least)
    scored = try values.decodeCountIfPresent(forKey: .scored, from: least) ?? 0
    ahead = try values.decodeCountIfPresent(forKey: .ahead) ?? 0
    thinking = try values.decodeCount(forKey: .thinking, from: least)
    answer = try values.decodeCount(forKey: .answer, from: least)
    discarded = try values.decodeCount(forKey: .discarded, from: least)
    seconds = try values.decode(Double.self, forKey: .seconds)
    proposals = try values.decodeIfPresent(ProposalCounts.self, forKey: .proposals) ?? .init()
    server = try values.decodeIfPresent(ServerCounters.self, forKey: .server)
  }
}
