/// Draws the tokens of one generation: a request's parameters, and a random generator of its own.
///
/// Because each generation has its own generator, its tokens do not depend on what else an engine is batching.
package struct Sampler {
  private let request: GenerationRequest
  private var generator: SplitMix64
  private var row: [Float] = []
  private var candidates: [Candidate] = []

  /// A token that may be drawn, and its probability over that of the likeliest, at the sampling temperature.
  private struct Candidate {
    let index: Int
    let weight: Float
  }

  package init(_ request: GenerationRequest) {
    self.request = request
    generator = SplitMix64(seed: request.seed)
    if request.sampling.temperature > 0 { generator.skip(request.priorDraws) }  // one number a token
  }

  /// Draws a token from one row of logits, `[vocabulary size]`, that follows `tokens`; one that `constraint` allows, which
  /// takes note of it.
  ///
  /// Throws `badLogits` where there is nothing to draw from: NaNs, or every token forbidden.
  package mutating func sample(
    _ logits: Span<Float>, after tokens: [Token], under constraint: (any TokenConstraint)? = nil
  ) throws(EngineError) -> SampledToken {
    let softmax = Softmax(logits)
    guard softmax.isFinite else { throw .badLogits(reason: "the model computed something that is not a number") }
    let sampling = request.sampling
    var index: Int
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
    if let constraint {
      index = try follow(constraint, logits, index, after: tokens)
      constraint.accept(Token(rawValue: Int32(index)))
    }
    return SampledToken(
      token: Token(rawValue: Int32(index)), logProbability: .exact(logits[index] - softmax.logSumExp),
      entropy: .exact(softmax.entropy),
      alternatives: request.alternatives > 0
        ? Self.likeliest(request.alternatives, of: logits, softmax.logSumExp) : [],
      watched: request.watched.flatMap { Self.odds(of: $0, in: logits, softmax.logSumExp) })
  }

  /// The token that was drawn, or if the grammar forbids it, one of those that it allows.
  ///
  /// It nearly always allows the first one, and to ask about all tokens takes long. The others are drawn with numbers of
  /// their own, so that what follows is as if the first one had been allowed.
  private mutating func follow(
    _ constraint: any TokenConstraint, _ logits: Span<Float>, _ drawn: Int, after tokens: [Token]
  ) throws(EngineError) -> Int {
    var index = drawn
    guard !constraint.allows(Token(rawValue: Int32(index))) else { return index }
    var allowed: [Float] = []
    for i in logits.indices { allowed.append(logits[i]) }
    if request.sampling.repetitionPenalty != 1 {
      let sampling = request.sampling
      Self.penalise(&allowed, recent: tokens.suffix(sampling.penaltyWindow), by: sampling.repetitionPenalty)
    }
    Self.apply(request.processors, to: &allowed, after: tokens)
    let own = generator
    defer { generator = own }
    generator = SplitMix64(seed: SplitMix64.derive(request.seed, UInt64(tokens.count)))
    repeat {
      constraint.mask(&allowed, rejected: Token(rawValue: Int32(index)))
      let distribution = Softmax(allowed.span)
      guard distribution.isFinite else { throw .badLogits(reason: "the grammar leaves no token to choose") }
      index = choose(from: allowed.span, distribution)
    } while !constraint.allows(Token(rawValue: Int32(index)))
    return index
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
    if sampling.topK == 0 && sampling.topP == 1 && sampling.minP == 0 { return drawFromAll(logits, softmax.maximum) }
    // top-p is a share of all tokens, or of those that top-k leaves; these are added up below.
    let total = sampling.topK > 0 ? 0 : Softmax(logits, temperature: sampling.temperature).sum

    // The filters keep a head of the sorted distribution. It is nearly always short, so look at tokens within a few
    // temperatures of the likeliest first, widen until they hold the head, and sort only those.
    var reach: Float = 3
    repeat {
      collect(from: logits, softmax.maximum, reach: reach > 64 ? .infinity : reach)
      reach *= 1.6
    } while !holdsHead(reach: reach / 1.6, total, logits.count)
    candidates.sort { ($0.weight, $1.index) > ($1.weight, $0.index) }
    if sampling.topK > 0 { candidates.removeLast(max(0, candidates.count - sampling.topK)) }
    cutTail(of: sampling.topK > 0 ? candidates.reduce(0) { $0 + $1.weight } : total)
    return draw()
  }

  /// Fills `candidates` with the tokens within `reach` temperatures of the likeliest, in the vocabulary's order.
  private mutating func collect(from logits: Span<Float>, _ maximum: Float, reach: Float) {
    candidates.removeAll(keepingCapacity: true)
    let temperature = request.sampling.temperature
    let floor = maximum - reach * temperature
    let whole = logits.count & ~7
    var index = 0
    while index < logits.count {
      if index < whole, index & 7 == 0, !any(logits.eight(at: index) .>= floor) {
        index += 8
        continue
      }
      if logits[index] >= floor {
        candidates.append(Candidate(index: index, weight: Self.exp((logits[index] - maximum) / temperature)))
      }
      index += 1
    }
  }

  /// Whether what the filters keep is among the candidates.
  private func holdsHead(reach: Float, _ total: Float, _ vocabularySize: Int) -> Bool {
    let sampling = request.sampling
    if candidates.count == vocabularySize || reach > 64 { return true }
    if sampling.topK > 0 { return candidates.count >= sampling.topK }
    if sampling.minP > 0, -reach < Softmax.log(sampling.minP) { return true }
    return sampling.topP < 1 && candidates.reduce(0) { $0 + $1.weight } >= sampling.topP * total
  }

  /// Applies top-p and min-p to the sorted candidates; one always stays.
  private mutating func cutTail(of total: Float) {
    let sampling = request.sampling
    var cumulative: Float = 0
    let end = candidates.firstIndex { candidate in
      defer { cumulative += candidate.weight }
      return candidate.weight < sampling.minP || (sampling.topP < 1 && cumulative >= sampling.topP * total)
    }
    if let end { candidates.removeLast(candidates.count - max(end, 1)) }
  }

  /// Draws from the candidates by weight.
  private mutating func draw() -> Int {
    var left = generator.uniform() * candidates.reduce(0) { $0 + $1.weight }
    for candidate in candidates {
      left -= candidate.weight
      if left < 0 { return candidate.index }
    }
    // Rounding can leave a little over: it belongs to the last token that has any weight.
    return (candidates.last { $0.weight > 0 } ?? candidates[0]).index
  }

  /// Draws from the whole distribution, in the vocabulary's order.
  private mutating func drawFromAll(_ logits: Span<Float>, _ maximum: Float) -> Int {
    var left = generator.uniform() * Softmax(logits, temperature: request.sampling.temperature).sum
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

  /// The odds of one token; nil where the row has no such token.
  private static func odds(of token: Token, in logits: Span<Float>, _ logSumExp: Float) -> SampledToken.Odds? {
    guard logits.indices.contains(Int(token.rawValue)) else { return nil }
    let logit = logits[Int(token.rawValue)]
    var rank = 1
    for index in logits.indices where logits[index] > logit { rank += 1 }
    return .init(logit: logit, logProbability: logit - logSumExp, rank: rank)
  }

  /// The `count` likeliest tokens of a row.
  package static func likeliest(_ count: Int, of logits: Span<Float>, _ logSumExp: Float) -> [SampledToken.Alternative]
  {
    var best: [SampledToken.Alternative] = []
    for index in logits.indices {
      let logProbability = logits[index] - logSumExp
      guard best.count < count || logProbability > best[best.count - 1].logProbability else { continue }
      let place = best.firstIndex { $0.logProbability < logProbability } ?? best.count
      best.insert(.init(token: Token(rawValue: Int32(index)), logProbability: logProbability), at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}
