/// Decides before each pass of the target how many tokens to draft: as many as save the most time, or none.
///
/// A pass over n draft tokens, of which each is right with probability p if those before it are, gives
/// 1 + p + p² + … + pⁿ tokens. With what such a pass takes, the draft included, against one that evaluates a single token,
/// that is a speed. p is what was right in the last few rounds.
///
/// If no n is quicker than 0, drafting rests: for 8 tokens, and for twice as many after each trial that has cost time, up
/// to 512. A trial begins with one token, which costs least; after a draft that was right to its end, one of twice as many
/// tokens is tried.
struct DraftGauge: Sendable {
  private let most: Int
  private let isAlways: Bool
  private var costs: DraftCosts
  /// Draft tokens that were right, and those that could have been, the older ones counting less.
  private var (right, compared) = Self.prior
  /// The most tokens to draft for now.
  private var ceiling = 1
  /// Whether the next draft has as many tokens as may be, whatever is known of their cost.
  private var isTrial = true
  /// The tokens to draw before the next trial.
  private var rest = 0
  private var nextRest = Self.firstRest
  /// The time saved since the last rest.
  private var saved = 0.0
  /// The rounds without a draft that are due, to measure what a pass takes.
  private var plainRounds = DraftCosts.firstPlain
  private var roundsSincePlain = 0

  /// One of two, of which nothing is left after a few rounds.
  private static let prior = (right: 1.0, compared: 2.0)
  /// The weight of a round against the one after it.
  private static let memory = 0.9
  /// How much quicker a draft must make a token: less than that may be an error of measurement.
  private static let leastGain = 1.03
  private static let (firstRest, longestRest) = (8, 512)
  /// A round without a draft follows this many with one, since what a pass takes changes with the cache and the machine.
  private static let roundsBetweenPlain = 48

  /// - Parameter most: The most tokens of a draft.
  init(most: Int, pacing: DraftPacing) {
    self.most = most
    switch pacing {
    case .always: (isAlways, costs) = (true, DraftCosts(nil))
    case .measured: (isAlways, costs) = (false, DraftCosts(nil))
    case .priced(let prices): (isAlways, costs) = (false, DraftCosts(prices))
    }
  }

  /// How many tokens to draft before the next pass, of which at most `limit` are of use.
  mutating func next(limit: Int) -> Int {
    if isAlways { return min(most, limit) }
    guard limit > 0, rest == 0, !isPlainRound() else { return 0 }
    let longest = min(ceiling, limit)
    if isTrial {
      isTrial = false
      // Unless it would cost more than it saves even if all of it were right.
      if speed(of: longest, chance: 1) >= Self.leastGain { return longest }
    }
    let speeds = (1...longest).map { (count: $0, speed: speed(of: $0, chance: right / compared)) }
    guard let best = speeds.max(by: { $0.speed < $1.speed }), best.speed >= Self.leastGain else {
      beginRest()
      return 0
    }
    return best.count
  }

  /// Takes in a round: `accepted` of `drafted` tokens were right, and drafting and passing took `seconds`.
  mutating func note(drafted: Int, accepted: Int, seconds: Double) {
    costs.note(drafted, seconds)
    guard drafted > 0 else {
      rest = max(0, rest - 1)
      return
    }
    right = Self.memory * right + Double(accepted)
    compared = Self.memory * compared + Double(min(accepted + 1, drafted))
    saved += Double(1 + accepted) - costs.relative(drafted)
    if accepted == drafted, drafted >= ceiling, ceiling < most { (ceiling, isTrial) = (min(2 * ceiling, most), true) }
  }

  /// Whether this round has no draft, so that it is known what a pass takes.
  private mutating func isPlainRound() -> Bool {
    guard costs.isMeasured else { return false }
    roundsSincePlain += 1
    if plainRounds == 0, roundsSincePlain > Self.roundsBetweenPlain { plainRounds = 1 }
    guard plainRounds > 0 else { return false }
    (plainRounds, roundsSincePlain) = (plainRounds - 1, 0)
    return true
  }

  /// Tokens in the time of one, with drafts of `count` tokens.
  private func speed(of count: Int, chance: Double) -> Double {
    var (tokens, power) = (1.0, 1.0)
    for _ in 0..<count {
      power *= chance
      tokens += power
    }
    return tokens / costs.relative(count)
  }

  private mutating func beginRest() {
    nextRest = saved > 0 ? Self.firstRest : nextRest
    rest = nextRest
    nextRest = min(2 * nextRest, Self.longestRest)
    ((right, compared), ceiling, isTrial, saved) = (Self.prior, 1, true, 0)
  }
}

/// What rounds take, by the number of draft tokens, as measured or as given.
struct DraftCosts: Sendable {
  private let prices: DraftPrices?
  /// The last few seconds of each number of draft tokens.
  private var seconds: [Int: [Double]] = [:]
  private static let window = 5
  /// Enough for the first estimate.
  static let firstPlain = 2

  init(_ prices: DraftPrices?) { self.prices = prices }

  var isMeasured: Bool { prices == nil }
  mutating func note(_ count: Int, _ new: Double) {
    guard isMeasured else { return }
    seconds[count, default: []].append(new)
    if seconds[count, default: []].count > Self.window { seconds[count]?.removeFirst() }
  }

  /// What a round with `count` draft tokens takes, over what one without takes.
  func relative(_ count: Int) -> Double {
    if let prices { return 1 + Double(count) * (prices.token + prices.row) }
    guard let plain = median(0), plain > 0 else { return 1 }
    if let own = median(count) { return own / plain }
    // On the line between what is known on both sides, or through what is known below; each token costs something.
    let known = seconds.keys.sorted()
    guard let below = known.last(where: { $0 < count }), let low = median(below) else { return 1 }
    let above = known.first { $0 > count }
    let slope =
      if let above, let high = median(above) {
        (high - low) / Double(above - below)
      } else { below > 0 ? (low - plain) / Double(below) : 0 }
    return (low + max(0, slope) * Double(count - below)) / plain
  }

  /// The lower one of two in the middle: other programs only ever add to a time.
  private func median(_ count: Int) -> Double? {
    guard let known = seconds[count], !known.isEmpty else { return nil }
    return known.sorted()[(known.count - 1) / 2]
  }
}
