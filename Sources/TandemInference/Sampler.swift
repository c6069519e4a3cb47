/// Draws the tokens of one generation: a request's parameters, and a random generator of its own.
///
/// Because each generation has its own generator, its tokens do not depend on what else an engine is batching.
package struct Sampler {
  private let request: GenerationRequest
  private var generator: SplitMix64
  private var row: [Float] = []
  private var candidates: [Candidate] = []

  private struct Candidate {
    let index: Int
    let logit: Float
  }

  package init(_ request: GenerationRequest) {
    self.request = request
    generator = SplitMix64(seed: request.seed)
  }

  /// Draws a token from one row of logits, `[vocabulary size]`, that follows `tokens`.
  ///
  /// Throws `badLogits` where there is nothing to draw from: NaNs, or every token forbidden.
  package mutating func sample(_ logits: Span<Float>, after tokens: [Token]) throws(EngineError) -> SampledToken {
    let softmax = Softmax(logits)
    guard softmax.isFinite else { throw .badLogits(reason: "the model computed something that is not a number") }
    let sampling = request.sampling
    let index: Int
    if request.processors.isEmpty && sampling.repetitionPenalty == 1 {
      index = choose(from: logits, softmax)
    } else {
      row.removeAll(keepingCapacity: true)
      for i in logits.indices { row.append(logits[i]) }
      Self.penalise(&row, recent: tokens.suffix(sampling.penaltyWindow), by: sampling.repetitionPenalty)
      Self.apply(request.processors, to: &row, after: tokens)
      let processed = row  // shares the storage: `choose` may not read `self.row` while it changes `self`
      let distribution = Softmax(processed.span)
      guard distribution.isFinite else { throw .badLogits(reason: "the logit processors left no token to choose") }
      index = choose(from: processed.span, distribution)
    }
    return SampledToken(
      token: Token(rawValue: Int32(index)), logProbability: logits[index] - softmax.logSumExp,
      entropy: softmax.entropy,
      alternatives: request.alternatives > 0
        ? Self.likeliest(request.alternatives, of: logits, softmax.logSumExp) : [])
  }

  private static func apply(_ processors: [any LogitProcessor], to row: inout [Float], after tokens: [Token]) {
    var span = row.mutableSpan
    for processor in processors { processor.process(&span, after: tokens) }
  }

  private static func penalise(_ row: inout [Float], recent: ArraySlice<Token>, by penalty: Float) {
    guard penalty != 1 else { return }
    for index in Set(recent.map { Int($0.rawValue) }) where row.indices.contains(index) {
      row[index] = row[index] > 0 ? row[index] / penalty : row[index] * penalty
    }
  }

  private mutating func choose(from logits: Span<Float>, _ softmax: Softmax) -> Int {
    let sampling = request.sampling
    guard sampling.temperature > 0 else { return Self.firstIndex(of: softmax.maximum, in: logits) }
    let total = sampling.temperature == 1 ? softmax.sum : Softmax(logits, temperature: sampling.temperature).sum
    if sampling.topK == 0 && sampling.topP == 1 && sampling.minP == 0 {
      return drawFromAll(logits, softmax.maximum, total)
    }
    let wanted = sampling.topK > 0 ? min(sampling.topK, logits.count) : logits.count

    // The filters keep a head of the sorted distribution. It is nearly always short, so look at tokens within a few
    // temperatures of the likeliest first, and widen while the head could go on below.
    var reach: Float = 4
    while true {
      let floor = softmax.maximum - reach * sampling.temperature
      let everything = collect(from: logits, atLeast: reach > 64 ? -.infinity : floor)
      let weights = candidates.map { Self.exp(($0.logit - softmax.maximum) / sampling.temperature) }
      // top-p is a share of what top-k left; with both on, the head of k must be complete first.
      let kept = sampling.topK > 0 ? weights.prefix(wanted).reduce(0, +) : total
      let enough = sampling.topK == 0 || candidates.count >= wanted
      if let count = headCount(weights.prefix(wanted), of: kept), everything || enough {
        return draw(Array(weights.prefix(count)))
      }
      if everything { return draw(Array(weights.prefix(wanted))) }
      reach *= 4
    }
  }

  /// Fills `candidates` with the tokens from `floor` up, likeliest first; returns whether those are all there are.
  private mutating func collect(from logits: Span<Float>, atLeast floor: Float) -> Bool {
    candidates.removeAll(keepingCapacity: true)
    let whole = logits.count & ~7
    for start in stride(from: 0, to: whole, by: 8) where any(logits.eight(at: start) .>= floor) {
      for index in start..<start + 8 where logits[index] >= floor {
        candidates.append(Candidate(index: index, logit: logits[index]))
      }
    }
    for index in whole..<logits.count where logits[index] >= floor {
      candidates.append(Candidate(index: index, logit: logits[index]))
    }
    candidates.sort { ($0.logit, $1.index) > ($1.logit, $0.index) }
    return candidates.count == logits.count
  }

  /// How many of the sorted `weights` top-p and min-p keep; nil while they would keep more than are there.
  private func headCount(_ weights: ArraySlice<Float>, of total: Float) -> Int? {
    let sampling = request.sampling
    var cumulative: Float = 0
    for (count, weight) in weights.enumerated() {
      if sampling.minP > 0 && weight < sampling.minP { return max(count, 1) }
      if sampling.topP < 1 && cumulative >= sampling.topP * total { return max(count, 1) }
      cumulative += weight
    }
    if sampling.topP < 1 && cumulative >= sampling.topP * total { return weights.count }
    return sampling.topK > 0 && weights.count == sampling.topK ? weights.count : nil
  }

  /// Draws from the first candidates by weight.
  private mutating func draw(_ weights: [Float]) -> Int {
    var left = generator.uniform() * weights.reduce(0, +)
    for (candidate, weight) in zip(candidates, weights) {
      left -= weight
      if left < 0 { return candidate.index }
    }
    // Rounding can leave a little over: it belongs to the last token that has any weight.
    let last = weights.lastIndex { $0 > 0 } ?? 0
    return candidates[last].index
  }

  /// Draws from the whole distribution, in the vocabulary's order.
  private mutating func drawFromAll(_ logits: Span<Float>, _ maximum: Float, _ total: Float) -> Int {
    var left = generator.uniform() * total
    var last = 0
    for index in logits.indices {
      let weight = Self.exp((logits[index] - maximum) / request.sampling.temperature)
      guard weight > 0 else { continue }
      left -= weight
      if left < 0 { return index }
      last = index
    }
    return last
  }

  private static func exp(_ x: Float) -> Float { x < -87 ? 0 : Softmax.exp(SIMD8(repeating: x))[0] }

  private static func firstIndex(of value: Float, in logits: Span<Float>) -> Int {
    for index in logits.indices where logits[index] == value { return index }
    return 0
  }

  /// The `count` likeliest tokens of a row.
  package static func likeliest(_ count: Int, of logits: Span<Float>, _ logSumExp: Float) -> [SampledToken.Alternative]
  {
    var best: [Candidate] = []
    for index in logits.indices where best.count < count || logits[index] > best[best.count - 1].logit {
      let place = best.firstIndex { $0.logit < logits[index] } ?? best.count
      best.insert(Candidate(index: index, logit: logits[index]), at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map { .init(token: Token(rawValue: Int32($0.index)), logProbability: $0.logit - logSumExp) }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and the same on every platform.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from 0 to below 1.
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A seed for the `index`-th child of this generator's seed: distinct streams from one seed.
  package static func derive(_ seed: UInt64, _ index: UInt64) -> UInt64 {
    var generator = Self(seed: seed ^ (index &* 0xd134_2543_de82_ef95))
    _ = generator.next()
    return generator.next()
  }
}
