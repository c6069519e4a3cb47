/// Σ exp((l − maximum) / T) over a row, as exactly as it has to be known, and where its large terms are.
///
/// Nearly all of a trained model's probability belongs to a few tokens. So only blocks of eight with a token near the
/// likeliest are added up, and what the others can change, rounding included, is bounded. A comparison that falls between
/// the bounds has the sum computed term by term: every comparison ends as it would with that sum.
struct TemperedSum {
  /// How many temperatures below the likeliest a token is near it.
  static let reach: Float = 20
  /// exp(−20), and a little more.
  private static let mostElsewhere: Float = 2.1e-9

  private var places: [Int32] = []
  /// How many blocks have a token near the likeliest.
  private(set) var nearCount = 0
  private var lower: Float = 0
  private var upper: Float = 0

  /// Adds up the near blocks of `logits`, which have been found.
  mutating func estimate(_ logits: Span<Float>, maximum: Float, temperature: Float) {
    let scale = 1 / temperature
    var sums = SIMD8<Float>.zero
    for block in 0..<nearCount {
      sums += Softmax.exp(((logits.eight(at: near(block)) - maximum) * scale).atLeast(-87))
    }
    lower = sums.sum()
    for index in logits.wholeBlocks..<logits.count {
      lower += Softmax.exp(SIMD8(repeating: max((logits[index] - maximum) * scale, -87)))[0]
    }
    let others = logits.wholeBlocks / 8 - nearCount
    guard others > 0 else { return set(lower) }
    // To leave out a term makes a sum smaller, by at most twice the term. Each other addition rounds by 2⁻²⁴ at most,
    // here and in the whole sum.
    let rounding = Float(2 * nearCount + 64) * 0x1p-24
    upper = lower + lower * rounding + Float(others * 8) * Self.mostElsewhere * 2.2
  }

  /// Where the `block`-th of these begins.
  @inline(__always)
  func near(_ block: Int) -> Int { Int(places[block]) }

  /// Finds the near blocks of `logits`. Without branches: which they are is not to be guessed.
  mutating func findNear(_ logits: Span<Float>, maximum: Float, temperature: Float) {
    let floor = -Self.reach * temperature
    let blocks = logits.wholeBlocks / 8
    if places.count < blocks { places = [Int32](repeating: 0, count: blocks) }
    var places = places.mutableSpan
    var count = 0
    for start in stride(from: 0, to: logits.wholeBlocks, by: 8) {
      places[unchecked: count] = Int32(truncatingIfNeeded: start)
      count &+= any(logits.eight(at: start) - maximum .>= floor).number
    }
    nearCount = count
  }

  /// The sum is exactly `sum`.
  mutating func set(_ sum: Float) { (lower, upper) = (sum, sum) }

  /// Whether `part` is at least `share` of the sum over `logits`.
  @inline(__always)
  mutating func isReached(
    by part: Float, share: Float, of logits: Span<Float>, maximum: Float, temperature: Float
  ) -> Bool {
    if part >= share * upper { return true }
    if part < share * lower { return false }
    if lower != upper { set(Softmax(logits, maximum: maximum, temperature: temperature).sum) }
    return part >= share * lower
  }
}
