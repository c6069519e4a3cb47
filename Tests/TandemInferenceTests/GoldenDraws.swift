import TandemInference

/// What a sampler draws from made-up rows, under every combination of parameters, as one number for each kind of row.
///
/// The seed of a run promises its text, so a faster sampler must draw the same tokens: these numbers were made by the
/// one that sorted all candidates. scripts/bench/sampler compiles this file too, for rows as long as real vocabularies.
struct GoldenDraws {
  let sizes: [Int]
  /// Of the combinations, each `stride`-th is drawn with. No multiple of 2, 3 or 5, which would leave out whole columns.
  let stride: Int

  /// The shape of a row of logits.
  enum Kind: String, CaseIterable, Sendable {
    /// Normal, of standard deviation 1: as random weights have them.
    case flat
    /// Twenty likely tokens over a tail of standard deviation 2.5: as trained models have them.
    case real
    /// Normal, of standard deviation 6.
    case peaked
    /// Normal, of standard deviation 40: most exponentials are beyond Float.
    case wide
    /// Rounded to halves.
    case tied
    /// All the same.
    case equal
    /// A third forbidden, here and there and at the end.
    case holed
    /// All but three forbidden.
    case sparse
  }

  static func row(_ kind: Kind, _ size: Int, _ generator: inout SplitMix64) -> [Float] {
    guard kind != .equal else { return [Float](repeating: 1.25, count: size) }
    var row = (0..<size).map { _ in (0..<12).reduce(into: Float(-6)) { sum, _ in sum += generator.uniform() } }
    let scale: Float = [.real: 2.5, .peaked: 6, .wide: 40, .holed: 2][kind] ?? 1
    for index in row.indices { row[index] *= scale }
    switch kind {
    case .flat, .peaked, .wide, .equal: break
    case .real:
      var top: Float = 24
      for _ in 0..<20 {
        row[Int(generator.next() % UInt64(size))] = top
        top -= 0.4 + generator.uniform() * 1.5
      }
    case .tied: for index in row.indices { row[index] = (row[index] * 2).rounded() / 2 }
    case .holed:
      for index in row.indices where generator.next() % 4 == 0 || index > size * 9 / 10 { row[index] = -.infinity }
      row[0] = 1
    case .sparse: for index in row.indices where index % max(size / 3, 1) > 0 { row[index] = -.infinity }
    }
    return row
  }

  /// The draws from rows of one kind: tokens, what is reported of them, and errors.
  func digest(_ kind: Kind) -> UInt64 {
    var generator = SplitMix64(seed: 17)
    let rows = sizes.map { size in (0..<3).map { _ in Self.row(kind, size, &generator) } }
    var digest = Fingerprint()
    for number in Swift.stride(from: 0, to: Self.combinations, by: stride) {
      let rows = rows[Int(generator.next() % UInt64(rows.count))]
      let (request, isConstrained) = Self.request(number, rows[0].count, &generator)
      var sampler = Sampler(request)
      for draw in 0..<2 {
        let row = rows[(number + draw) % rows.count]
        let tokens = (0..<12).map { _ in Token(rawValue: Int32(generator.next() % UInt64(row.count))) }
        do throws(EngineError) {
          digest.combine(try sampler.sample(row.span, after: tokens, under: isConstrained ? EvenTokens() : nil))
        } catch {
          digest.combine("\(error)".utf8)
        }
      }
    }
    return digest.value
  }

  private static let temperatures: [Float] = [0.6, 1, 0, 1.7, 0.05]
  private static let topKs = [0, 20, 1, 400]
  private static let topPs: [Float] = [0.95, 1, 0.5, 0.999, 0.05]
  private static let minPs: [Float] = [0, 0.05, 0.4]
  private static let penalties: [Float] = [1, 1.3, 0.8]
  private static let processors: [[any LogitProcessor]] = [[], [TokenBan([0, 3, 4])], [Shift()]]
  private static let combinations =
    temperatures.count * topKs.count * topPs.count * minPs.count * penalties.count * processors.count

  private static func request(
    _ number: Int, _ size: Int, _ generator: inout SplitMix64
  ) -> (request: GenerationRequest, isConstrained: Bool) {
    var rest = number
    func next<Value>(_ values: [Value]) -> Value {
      defer { rest /= values.count }
      return values[rest % values.count]
    }
    let sampling = SamplingParameters(
      temperature: next(temperatures), topK: next(topKs), topP: next(topPs), minP: next(minPs),
      repetitionPenalty: next(penalties), penaltyWindow: 8)
    let (others, watched) = (generator.next(), Int32(generator.next() % UInt64(size)))
    let request = GenerationRequest(
      sampling: sampling, seed: UInt64(number), processors: next(processors), limit: 1,
      alternatives: others % 4 == 0 ? 5 : 0, watched: others % 3 == 0 ? Token(rawValue: watched) : nil)
    return (request, others % 5 == 0)
  }

  private struct Shift: LogitProcessor {
    func process(_ logits: inout MutableSpan<Float>, after tokens: [Token]) {
      for index in Swift.stride(from: 0, to: logits.count, by: 3) { logits[index] += 0.75 }
    }
  }

  private final class EvenTokens: TokenConstraint {
    func allows(_ token: Token) -> Bool { token.rawValue % 2 == 0 }
    func mask(_ row: inout [Float], rejected: Token) { row[Int(rejected.rawValue)] = -.infinity }
    func accept(_ token: Token) {}
  }
}

extension Fingerprint {
  fileprivate mutating func combine(_ sampled: SampledToken) {
    combine(word: UInt64(sampled.token.rawValue))
    for number in [sampled.logProbability.exact, sampled.entropy.exact, sampled.watched?.logProbability] {
      fold(word: UInt64(number?.bitPattern ?? 1))
    }
    fold(word: UInt64(sampled.watched?.rank ?? 0))
    for other in sampled.alternatives {
      combine(word: UInt64(other.token.rawValue))
      fold(word: UInt64(other.logProbability.bitPattern))
    }
  }
}
