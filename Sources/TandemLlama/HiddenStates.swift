import Dispatch
public import TandemInference

extension LlamaEngine {
  /// The output of a layer at some tokens, `[positions, embedding size]`, as the model computes it without an adapter.
  ///
  /// A context of its own reads the tokens, so that no session waits for more than its turn at the processor.
  ///
  /// - Parameters:
  ///   - tokens: What the model reads.
  ///   - layer: Counted from 0, as in `Adapter.ControlVector.layers`.
  ///   - positions: Which of `tokens`; in any order.
  /// - Throws: `invalidParameter` for a layer, position or token that does not exist, `contextFull` for more tokens than the
  ///   model was trained with, and `unsupported` if llama.cpp does not name the outputs of this model's layers.
  public func hiddenStates(
    of tokens: [Token], layer: Int, at positions: [Int]
  ) async throws -> [[Float]] {
    try check(tokens, layer, positions)
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (reply: CheckedContinuation<[[Float]], any Error>) in
        // Not on a thread of the concurrency pool, which a pass would block.
        DispatchQueue.global().async { [weights, parameters, name] in
          reply.resume(
            with: Result {
              let reading = Reading(tokens: tokens, layer: layer, positions: positions)
              return try reading.run(weights, parameters, name: name, until: flag)
            })
        }
      }
    } onCancel: {
      flag.raise()
    }
  }

  private func check(_ tokens: [Token], _ layer: Int, _ positions: [Int]) throws(EngineError) {
    let (size, layers) = (weights.vocabularySize, weights.layerCount)
    guard (0..<layers).contains(layer) else {
      throw .invalidParameter(name: "layer", reason: "must be from 0 to \(layers - 1), not \(layer)")
    }
    if let position = positions.first(where: { !tokens.indices.contains($0) }) {
      throw .invalidParameter(name: "positions", reason: "contain \(position), and there are \(tokens.count) tokens")
    }
    if let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) {
      throw .invalidParameter(name: "tokens", reason: "contain \(stranger), and there are \(size)")
    }
    guard tokens.count <= max(weights.trainedContext, 8) else {
      throw .contextFull(needed: tokens.count, capacity: weights.trainedContext)
    }
  }

  /// Tokens that are read once, for the rows of one layer.
  private struct Reading {
    let tokens: [Token]
    let layer: Int
    let positions: [Int]

    func run(
      _ weights: LlamaWeights, _ engine: LlamaParameters, name: String, until flag: CancellationFlag
    ) throws -> [[Float]] {
      let read = tokens.prefix((positions.max() ?? -1) + 1)
      var parameters = engine
      (parameters.sequences, parameters.contextSize) = (1, max(read.count, 8))
      (parameters.cache, parameters.cells) = (.shared, nil)
      let observer = LayerObserver(layer: layer)
      let context = try LlamaContext(
        weights, parameters, cells: parameters.totalCells, observer: observer, shouldAbort: { flag.isRaised })
      var batch = LlamaBatch(capacity: parameters.batchSize)
      let wanted = Set(positions)
      // The last layer computes no rows but those that want logits.
      let isLast = layer == weights.layerCount - 1
      var rows: [Int: [Float]] = [:]
      var start = 0
      while start < read.count {
        batch.clear()
        observer.clear()
        while start + batch.count < read.count, batch.room > 0, batch.outputs < parameters.outputRows {
          let position = start + batch.count
          batch.add(
            read[position], position: position, sequence: 0, wantsLogits: isLast && wanted.contains(position))
        }
        try decode(batch, context, threads: parameters.threads, until: flag)
        let span = start..<start + batch.count
        let kept = span.filter { wanted.contains($0) }
        switch observer.rowCount {
        case span.count: for position in kept { rows[position] = observer.row(position - start) }
        case kept.count: for (index, position) in kept.enumerated() { rows[position] = observer.row(index) }
        default:
          throw EngineError.unsupported(capability: "hidden states of layer \(layer)", engine: "llama.cpp with \(name)")
        }
        start = span.upperBound
      }
      return positions.compactMap { rows[$0] }
    }

    private func decode(
      _ batch: borrowing LlamaBatch, _ context: borrowing LlamaContext, threads: Int, until flag: CancellationFlag
    ) throws {
      guard !flag.isRaised else { throw CancellationError() }
      switch context.decode(batch, threads: threads) {
      case .done: return
      case .aborted: throw CancellationError()
      case .noRoom: throw EngineError.contextFull(needed: tokens.count, capacity: tokens.count)
      case .failed(let code): throw EngineError.decodeFailed(code: Int(code))
      }
    }
  }
}
