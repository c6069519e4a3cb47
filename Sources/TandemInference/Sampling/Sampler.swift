/// Draws the tokens of one generation: a request's parameters, and a random generator of its own.
///
/// Because each generation has its own generator, its tokens do not depend on what else an engine is batching.
package struct Sampler {
  private let request: GenerationRequest
  private var generator: SplitMix64
  private var row: [Float] = []
  private var candidates = Candidates()

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
      index = choose(from: logits, maximum: softmax.maximum)
    } else {
      row.replace(with: logits)
      Self.penalise(&row, recent: tokens.suffix(sampling.penaltyWindow), by: sampling.repetitionPenalty)
      Self.apply(request.processors, to: &row, after: tokens)
      let processed = row  // shares the storage: `choose` may not read `self.row` while it changes `self`
      let maximum = processed.span.maximum()
      guard maximum.isFinite else { throw .badLogits(reason: "the logit processors left no token to choose") }
      index = choose(from: processed.span, maximum: maximum)
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
    allowed.replace(with: logits)
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
      let maximum = allowed.span.maximum()
      guard maximum.isFinite else { throw .badLogits(reason: "the grammar leaves no token to choose") }
      index = choose(from: allowed.span, maximum: maximum)
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

  private mutating func choose(from logits: Span<Float>, maximum: Float) -> Int {
    let sampling = request.sampling
    guard sampling.temperature > 0 else { return logits.firstIndex(of: maximum) ?? 0 }
    if sampling.topK == 0 && sampling.topP == 1 && sampling.minP == 0 {
      return generator.drawIndex(from: logits, maximum: maximum, temperature: sampling.temperature)
    }
    return candidates.draw(from: logits, maximum: maximum, sampling, &generator)
  }

  /// The odds of one token; nil where the row has no such token.
  private static func odds(of token: Token, in logits: Span<Float>, _ logSumExp: Float) -> SampledToken.Odds? {
    guard logits.indices.contains(Int(token.rawValue)) else { return nil }
    let logit = logits[Int(token.rawValue)]
    return .init(logit: logit, logProbability: logit - logSumExp, rank: 1 + logits.count(above: logit))
  }

  /// The `count` likeliest tokens of a row.
  package static func likeliest(_ count: Int, of logits: Span<Float>, _ logSumExp: Float) -> [SampledToken.Alternative]
  {
    var best: [SampledToken.Alternative] = []
    var index = 0
    while index < logits.count {
      if index < logits.wholeBlocks, index & 7 == 0, best.count == count, let least = best.last?.logProbability,
        !any(logits.eight(at: index) - logSumExp .> least)
      {
        index += 8
        continue
      }
      defer { index += 1 }
      let logProbability = logits[index] - logSumExp
      guard best.count < count || logProbability > best[best.count - 1].logProbability else { continue }
      let place = best.firstIndex { $0.logProbability < logProbability } ?? best.count
      best.insert(.init(token: Token(rawValue: Int32(index)), logProbability: logProbability), at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}

extension [Float] {
  /// Makes it a copy of `logits`.
  fileprivate mutating func replace(with logits: Span<Float>) {
    removeAll(keepingCapacity: true)
    logits.withUnsafeBufferPointer { append(contentsOf: $0) }
  }
}
