import TandemInference

/// Documents packed into rows: `rows` of `length` positions each, in row-major arrays.
package struct TokenBatch: Sendable, Hashable {
  package let rows: Int
  package let length: Int
  package private(set) var tokens: [Int32]
  /// Positions within the document; 0 begins one. Padding is documents of one token, which nobody attends to.
  package private(set) var positions: [Int32]
  package private(set) var targets: [Int32]
  /// Of the targets; 0 for padding.
  package private(set) var weights: [Float]
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

  package var totalWeight: Float { Float(weights.reduce(0.0) { $0 + Double($1) }) }
}
