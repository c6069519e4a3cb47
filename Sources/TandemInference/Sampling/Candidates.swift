/// The tokens of a row that the filters may keep, and what is drawn from them.
///
/// The filters keep a head of the sorted distribution. It is nearly always short, so tokens within a few temperatures of
/// the likeliest are looked at first, then more, until they hold the head, and only those are sorted.
struct Candidates {
  private var tokens: [Candidate] = []
  private var scratch: [Candidate] = []
  private var total = TemperedSum()
  private var sorter = RadixSort()
  /// The sum of their weights, in the vocabulary's order.
  private var sum: Float = 0

  /// Draws from what the filters of `sampling` leave of `logits`, whose maximum is `maximum`.
  mutating func draw(
    from logits: Span<Float>, maximum: Float, _ sampling: SamplingParameters, _ generator: inout SplitMix64
  ) -> Int {
    total.findNear(logits, maximum: maximum, temperature: sampling.temperature)
    if sampling.topK == 0, sampling.topP < 1 {
      total.estimate(logits, maximum: maximum, temperature: sampling.temperature)
    }
    var reach: Float = 3
    repeat {
      collect(from: logits, maximum, sampling.temperature, reach: reach > 64 ? .infinity : reach)
      reach *= 1.6
    } while !holdHead(of: logits, maximum, sampling, reach: reach / 1.6)
    sorter.sort(&tokens)
    if sampling.topK > 0 {
      tokens.removeLast(max(0, tokens.count - sampling.topK))
      // top-p is a share of all tokens, or of those that top-k leaves.
      total.set(tokens.reduce(0) { $0 + $1.weight })
    }
    let (count, weight) = kept(of: logits, maximum, sampling)
    return Self.choose(from: tokens.span.extracting(first: count), generator.uniform() * weight)
  }

  /// Takes the tokens within `reach` temperatures of the likeliest, in the vocabulary's order.
  private mutating func collect(from logits: Span<Float>, _ maximum: Float, _ temperature: Float, reach: Float) {
    let floor = maximum - reach * temperature
    // Where a temperature is less than the maximum's last digit, all that rounding leaves in reach counts.
    let isNear = reach < TemperedSum.reach && maximum - temperature < maximum
    let blocks = isNear ? total.nearCount : logits.wholeBlocks / 8
    if scratch.count < (blocks + 1) * 8 {
      scratch = [Candidate](repeating: Candidate(index: 0, weight: 0), count: (blocks + 1) * 8)
    }
    var count = 0
    let total = total
    var target = scratch.mutableSpan
    for block in 0..<blocks {
      let start = isNear ? total.near(block) : block &* 8
      let row = logits.eight(at: start)
      guard any(row .>= floor) else { continue }
      let weights = Softmax.weights((row - maximum) / temperature)
      for lane in 0..<8 {
        // Without a branch: a token that is not in has its place taken by the next.
        let isIn = logits[unchecked: start &+ lane] >= floor
        target[unchecked: count] = Candidate(index: start &+ lane, weight: weights[lane])
        count &+= isIn.number
      }
    }
    for index in logits.wholeBlocks..<logits.count where logits[index] >= floor {
      let weight = Softmax.weights(SIMD8(repeating: (logits[index] - maximum) / temperature))[0]
      target[unchecked: count] = Candidate(index: index, weight: weight)
      count += 1
    }
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: scratch[..<count])
    sum = tokens.reduce(0) { $0 + $1.weight }
  }

  /// Whether what the filters keep is among the tokens within `reach`.
  private mutating func holdHead(
    of logits: Span<Float>, _ maximum: Float, _ sampling: SamplingParameters, reach: Float
  ) -> Bool {
    if tokens.count == logits.count || reach > 64 { return true }
    if sampling.topK > 0 { return tokens.count >= sampling.topK }
    if sampling.minP > 0, -reach < Softmax.log(sampling.minP) { return true }
    return sampling.topP < 1
      && total.isReached(
        by: sum, share: sampling.topP, of: logits, maximum: maximum, temperature: sampling.temperature)
  }

  /// How many of the sorted tokens top-p and min-p leave, one at least, and the sum of their weights.
  private mutating func kept(
    of logits: Span<Float>, _ maximum: Float, _ sampling: SamplingParameters
  ) -> (count: Int, weight: Float) {
    var (count, cumulative) = (0, Float(0))
    for token in tokens {
      if token.weight < sampling.minP { break }
      if sampling.topP < 1,
        total.isReached(
          by: cumulative, share: sampling.topP, of: logits, maximum: maximum, temperature: sampling.temperature)
      {
        break
      }
      cumulative += token.weight
      count += 1
    }
    return count > 0 ? (count, cumulative) : (1, tokens[0].weight)
  }

  /// The token at which `left`, less the weights of those before it, ends.
  private static func choose(from tokens: Span<Candidate>, _ left: Float) -> Int {
    var left = left
    for place in tokens.indices {
      left -= tokens[place].weight
      if left < 0 { return tokens[place].index }
    }
    // Rounding can leave a little over: it belongs to the last token that has any weight.
    for place in tokens.indices.reversed() where tokens[place].weight > 0 { return tokens[place].index }
    return tokens[0].index
  }
}

/// A token that may be drawn, and its probability over that of the likeliest, at the sampling temperature: one number,
/// so that the likeliest comes first, and of equals the one that the vocabulary has first.
struct Candidate: Comparable {
  let key: UInt64

  init(index: Int, weight: Float) {
    key = UInt64(~weight.bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
  }

  var index: Int { Int(UInt32(truncatingIfNeeded: key)) }
  var weight: Float { Float(bitPattern: ~UInt32(truncatingIfNeeded: key >> 32)) }

  static func < (a: Self, b: Self) -> Bool { a.key < b.key }
}
