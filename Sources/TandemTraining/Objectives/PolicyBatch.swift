/// Completions packed into rows, and where each is found in them.
struct PolicyBatch: Sendable {
  let tokens: TokenBatch
  /// The numbers of the samples, in the order in which their completion tokens stand in `tokens`.
  let order: [Int]

  /// Packs `samples` into batches of `rowCount` rows, first fit, the first sample first.
  static func pack(_ samples: [PolicySample], rowLength: Int, rowCount: Int) throws(TrainingError) -> [PolicyBatch] {
    var rows: [(samples: [Int], room: Int)] = []
    for (index, sample) in samples.enumerated() {
      let length = sample.document.length
      guard length <= rowLength else {
        throw .invalidDocument(index: index, reason: "its \(length) positions don't fit into rows of \(rowLength)")
      }
      if let row = rows.firstIndex(where: { $0.room >= length }) {
        rows[row].samples.append(index)
        rows[row].room -= length
      } else {
        rows.append(([index], rowLength - length))
      }
    }
    var batches: [PolicyBatch] = []
    for start in stride(from: 0, to: rows.count, by: rowCount) {
      let chosen = rows[start..<min(start + rowCount, rows.count)].map(\.samples)
      let documents = chosen.map { $0.map { samples[$0].document } }
      batches.append(
        PolicyBatch(tokens: try TokenBatch(rows: documents, length: rowLength), order: chosen.flatMap(\.self)))
    }
    return batches
  }

  /// A number for each completion token, in the order of the rows. -> [tokens of completions]
  func tensor(_ samples: [PolicySample], _ values: (PolicySample) -> [Float]) throws(TrainingError) -> Tensor {
    let flat = order.flatMap { values(samples[$0]) }
    return try Tensor(flat, shape: [flat.count])
  }

  /// The same for one number of each sample.
  func tensor(_ samples: [PolicySample], _ value: (PolicySample) -> Float) throws(TrainingError) -> Tensor {
    try tensor(samples) { sample in [Float](repeating: value(sample), count: sample.completionCount) }
  }
}
