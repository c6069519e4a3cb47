/// Documents packed into rows, and where each is found in them.
struct DocumentBatch: Sendable {
  let tokens: TokenBatch
  /// The numbers of the documents, in the order in which they stand in `tokens`.
  let order: [Int]
  /// Learnt tokens of each of these.
  let learntCounts: [Int]
  /// What the documents have for each learnt token, if they have it.
  private let references: [Float]
  /// The same for what another model holds likely there.
  let targets: [TargetDistribution]

  /// Packs `documents` into batches of `rowCount` rows, first fit, the first document first.
  static func pack(
    _ documents: [TrainingDocument], rowLength: Int, rowCount: Int
  ) throws(TrainingError) -> [DocumentBatch] {
    var rows: [(documents: [Int], room: Int)] = []
    for (index, document) in documents.enumerated() {
      let length = document.length
      guard length <= rowLength else {
        throw .invalidDocument(index: index, reason: "its \(length) positions don't fit into rows of \(rowLength)")
      }
      if let row = rows.firstIndex(where: { $0.room >= length }) {
        rows[row].documents.append(index)
        rows[row].room -= length
      } else {
        rows.append(([index], rowLength - length))
      }
    }
    var batches: [DocumentBatch] = []
    for start in stride(from: 0, to: rows.count, by: rowCount) {
      let chosen = rows[start..<min(start + rowCount, rows.count)].map(\.documents)
      batches.append(try DocumentBatch(documents, rows: chosen, length: rowLength))
    }
    return batches
  }

  /// - Parameter rows: The numbers of the documents in each row.
  init(_ documents: [TrainingDocument], rows: [[Int]], length: Int) throws(TrainingError) {
    tokens = try TokenBatch(rows: rows.map { row in row.map { documents[$0] } }, length: length)
    order = rows.flatMap(\.self)
    learntCounts = order.map { documents[$0].learntCount }
    references = order.flatMap { documents[$0].references }
    targets = order.flatMap { documents[$0].targets }
  }

  /// Where the learnt tokens are predicted.
  var learntPositions: [Int] { tokens.weights.indices.filter { tokens.weights[$0] != 0 } }

  /// The documents' references -> [learnt tokens].
  func reference() throws(TrainingError) -> Tensor { try Tensor(references, shape: [learntCounts.reduce(0, +)]) }
}

extension Llama {
  /// ln p of each learnt token of a batch among those that an engine may draw, in the order of its rows -> [learnt tokens].
  func logProbabilities(of batch: DocumentBatch) throws(TrainingError) -> Tensor {
    let learnt = batch.learntPositions
    let targets = try Tensor(integers: learnt.map { batch.tokens.targets[$0] }, shape: [learnt.count])
    var logits = try logits(learntStates(of: batch))
    if !missingTokens.isEmpty {
      var mask = [Float](repeating: 0, count: configuration.vocabularySize)
      for token in missingTokens { mask[token] = -1e9 }
      logits = try logits + Tensor(mask, shape: [mask.count])
    }
    return try logits.crossEntropy(targets, kernels).negated()
  }

  /// The states from which the learnt tokens are predicted, in the order of the rows -> [learnt tokens, d].
  func learntStates(of batch: DocumentBatch) throws(TrainingError) -> Tensor {
    let learnt = batch.learntPositions
    return try states(batch.tokens.tokenTensor(), batch.tokens.positionTensor())
      .rows(Tensor(integers: learnt.map(Int32.init), shape: [learnt.count]), kernels)
  }

  /// ln p of each learnt token, document by document.
  package func logProbabilities(
    of documents: [TrainingDocument], rowLength: Int, rowCount: Int = 1
  ) throws(TrainingError) -> [[Float]] {
    var found = [[Float]](repeating: [], count: documents.count)
    for batch in try DocumentBatch.pack(documents, rowLength: rowLength, rowCount: rowCount) {
      var rest = try logProbabilities(of: batch).values()[...]
      for (index, count) in zip(batch.order, batch.learntCounts) {
        found[index] = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
    }
    return found
  }
}
