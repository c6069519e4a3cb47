import TandemInference

/// Documents packed into rows: `rows` of `length` positions each, in row-major arrays.
package struct TokenBatch: Sendable, Hashable {
  package let rows: Int
  package let length: Int
  package private(set) var tokens: [Int32]
  /// Positions within the document; 0 begins one. Padding is documents of one token, which no other position attends to.
  package private(set) var positions: [Int32]
  package private(set) var targets: [Int32]
  /// Of the targets; 0 for padding.
  package private(set) var weights: [Float]
  /// Targets that are as right as the one of their position.
  package private(set) var alternatives: [Int: [Int32]] = [:]
  /// The tokens among which the target of a position is chosen, unless these are all.
  package private(set) var candidates: [Int: [Int32]] = [:]
  /// Positions that are not padding.
  package private(set) var tokenCount = 0

  /// Throws `invalidDocument` for a document that does not fit behind the others of its row.
  package init(rows documents: [[TrainingDocument]], length: Int) throws(TrainingError) {
    rows = documents.count
    self.length = length
    let size = documents.count * length
    tokens = [Int32](repeating: 0, count: size)
    positions = tokens
    targets = tokens
    weights = [Float](repeating: 0, count: size)
    for (row, documents) in documents.enumerated() {
      var end = row * length
      for (index, document) in documents.enumerated() {
        guard document.length > 0, end + document.length <= (row + 1) * length else {
          throw .invalidDocument(index: index, reason: "it does not fit into row \(row) of \(length) positions")
        }
        for position in 0..<document.length {
          tokens[end + position] = document.tokens[position].rawValue
          positions[end + position] = Int32(position)
          targets[end + position] = document.tokens[position + 1].rawValue
          weights[end + position] = document.weights[position + 1]
        }
        end += document.length
        if !document.alternatives.isEmpty { alternatives[end - 1] = document.alternatives.map(\.rawValue) }
        if !document.candidates.isEmpty { candidates[end - 1] = document.candidates.map(\.rawValue) }
        tokenCount += document.length
      }
    }
  }

  /// [B * T]
  package func tokenTensor() throws(TrainingError) -> Tensor { try Tensor(integers: tokens, shape: [tokens.count]) }
  /// [B, T]
  package func positionTensor() throws(TrainingError) -> Tensor {
    try Tensor(integers: positions, shape: [rows, length])
  }
  /// [B * T]
  package func targetTensor() throws(TrainingError) -> Tensor { try Tensor(integers: targets, shape: [targets.count]) }
  /// [B * T]
  package func weightTensor() throws(TrainingError) -> Tensor { try Tensor(weights, shape: [weights.count]) }

  /// The targets at `positions`, and as often again as one of them has another that is as right.
  func choices(at positions: [Int]) -> [[Int32]] {
    let count = alternatives.values.map(\.count).max() ?? 0
    return (0...count).map { choice in
      positions.map { position in
        let others = alternatives[position] ?? []
        return choice > 0 && choice <= others.count ? others[choice - 1] : targets[position]
      }
    }
  }

  /// What is added to the logits at `positions`, [positions, V]: so little to a token that is no candidate that its
  /// probability is 0. Nil if all tokens are candidates everywhere.
  func mask(at positions: [Int], vocabularySize: Int) throws(TrainingError) -> Tensor? {
    guard !candidates.isEmpty else { return nil }
    var mask = [Float](repeating: 0, count: positions.count * vocabularySize)
    for (row, position) in positions.enumerated() {
      guard let tokens = candidates[position] else { continue }
      for index in (row * vocabularySize)..<((row + 1) * vocabularySize) { mask[index] = -1e9 }
      for token in tokens { mask[row * vocabularySize + Int(token)] = 0 }
    }
    return try Tensor(mask, shape: [positions.count, vocabularySize])
  }

  package var totalWeight: Float { Float(weights.reduce(0.0) { $0 + Double($1) }) }
}
