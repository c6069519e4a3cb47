public import TandemInference

/// What a run cost, by model.
public struct Usage: Sendable, Hashable, Codable {
  public var small = RoleUsage()
  public var large = RoleUsage()

  public init() {}

  public subscript(role: Role) -> RoleUsage {
    get { role == .small ? small : large }
    set { if role == .small { small = newValue } else { large = newValue } }
  }
}

/// What one model did. The parts are apart because the papers forget some of them, and they add up to what the engine
/// counted: see `prefilled` and `sampled`.
public struct RoleUsage: Sendable, Hashable, Codable {
  /// Tokens evaluated: the model's own prompt.
  public var prompt = 0
  /// Tokens evaluated: what the other model wrote.
  public var handedOver = 0
  /// Tokens evaluated: text that nobody sampled.
  public var inserted = 0
  /// Tokens evaluated a second time.
  public var reevaluated = 0
  /// Tokens evaluated to judge what was written, and dropped again.
  public var scored = 0
  /// Tokens sampled and kept in the thinking.
  public var thinking = 0
  /// Tokens sampled and kept in the answer.
  public var answer = 0
  /// Tokens sampled and not kept: probes, rejected drafts.
  public var discarded = 0
  /// What became of tokens that were guessed ahead of it; nothing where it is not speculated.
  public var proposals = ProposalCounts()
  /// Seconds spent waiting for this model.
  public var seconds = 0.0

  public init() {}

  /// All that was evaluated without having been sampled here: the engine's `prefilled`.
  public var prefilled: Int { prompt + handedOver + inserted + reevaluated + scored }
  /// All that was sampled: the engine's `sampled`.
  public var sampled: Int { thinking + answer + discarded }

  public static func + (a: Self, b: Self) -> Self {
    var sum = Self()
    sum.prompt = a.prompt + b.prompt
    sum.handedOver = a.handedOver + b.handedOver
    sum.inserted = a.inserted + b.inserted
    sum.reevaluated = a.reevaluated + b.reevaluated
    sum.scored = a.scored + b.scored
    sum.thinking = a.thinking + b.thinking
    sum.answer = a.answer + b.answer
    sum.discarded = a.discarded + b.discarded
    sum.seconds = a.seconds + b.seconds
    sum.proposals = a.proposals + b.proposals
    return sum
  }
}

extension Usage {
  public static func + (a: Self, b: Self) -> Self {
    var sum = Self()
    sum.small = a.small + b.small
    sum.large = a.large + b.large
    return sum
  }

  /// The large model's share of the sampled thinking that was kept; nil where there is none.
  public var largeShare: Double? {
    let total = small.thinking + large.thinking
    return total > 0 ? Double(large.thinking) / Double(total) : nil
  }
}

extension RoleUsage {
  /// What traces of earlier versions lack is 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    prompt = try values.decode(Int.self, forKey: .prompt)
    handedOver = try values.decode(Int.self, forKey: .handedOver)
    inserted = try values.decode(Int.self, forKey: .inserted)
    reevaluated = try values.decode(Int.self, forKey: .reevaluated)
    scored = try values.decodeIfPresent(Int.self, forKey: .scored) ?? 0
    thinking = try values.decode(Int.self, forKey: .thinking)
    answer = try values.decode(Int.self, forKey: .answer)
    discarded = try values.decode(Int.self, forKey: .discarded)
    seconds = try values.decode(Double.self, forKey: .seconds)
    proposals = try values.decodeIfPresent(ProposalCounts.self, forKey: .proposals) ?? .init()
  }
}
