import Foundation
import TandemInference

/// The filters of `SamplingParameters` in their order, as slowly and plainly as possible, in Double.
struct ReferenceSampler {
  let parameters: SamplingParameters

  /// The probability of each token of a row; 0 for those that the filters drop.
  func probabilities(_ logits: [Float], after tokens: [Token] = []) -> [Double] {
    var row = logits.map(Double.init)
    for token in Set(tokens.suffix(parameters.penaltyWindow)) {
      let (index, penalty) = (Int(token.rawValue), Double(parameters.repetitionPenalty))
      row[index] = row[index] > 0 ? row[index] / penalty : row[index] * penalty
    }
    let maximum = row.max() ?? 0
    if parameters.temperature == 0 {
      let first = row.firstIndex(of: maximum)
      return row.indices.map { $0 == first ? 1 : 0 }
    }
    let weights = row.map { exp(($0 - maximum) / Double(parameters.temperature)) }
    var kept = weights.indices.sorted { (weights[$0], $1) > (weights[$1], $0) }
    if parameters.topK > 0 { kept = Array(kept.prefix(parameters.topK)) }
    let share = Double(parameters.topP) * kept.reduce(0) { $0 + weights[$1] }
    if parameters.topP < 1 {
      var sum = 0.0
      kept = kept.filter { index in
        defer { sum += weights[index] }
        return sum < share
      }
    }
    kept = kept.filter { weights[$0] >= Double(parameters.minP) }
    let total = kept.reduce(0) { $0 + weights[$1] }
    var probabilities = [Double](repeating: 0, count: row.count)
    for index in kept { probabilities[index] = weights[index] / total }
    return probabilities
  }
}

extension [Float] {
  /// A row as models have them: a few large values over a broad floor.
  static func randomRow(_ count: Int, _ generator: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in
      let u = generator.uniform()
      return (generator.uniform() - 0.5) * 6 + (u > 0.9 ? 8 * generator.uniform() : 0)
    }
  }
}
