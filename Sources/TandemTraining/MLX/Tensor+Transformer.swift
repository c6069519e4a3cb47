import CMLX

/// Which body of a transformer's operation runs.
package enum Kernels: Sendable, CaseIterable {
  /// Fused on the CPU, composed on a GPU.
  case automatic
  /// Vectorised for the CPU, with gradients written by hand.
  case fused
  /// Composed of MLX's own operations. What the fused ones are tested against.
  case composed

  var raw: cmlx_body {
    switch self {
    case .automatic: CMLX_AUTOMATIC
    case .fused: CMLX_FUSED
    case .composed: CMLX_COMPOSED
    }
  }
}

// N tokens stand in one row after the other; sizes are named in the shapes.
extension Tensor {
  /// Rows of this table [V, d] by their numbers [N] -> [N, d].
  package func rows(_ ids: Tensor, _ kernels: Kernels = .automatic) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { table in ids.withHandle { cmlx_embedding(kernels.raw, table, $0) } }, "rows")
  }

  /// [N, d] divided by its rows' root mean square, times `weight` [d] -> [N, d].
  package func rmsNorm(_ weight: Tensor, epsilon: Float, _ kernels: Kernels = .automatic) throws(TrainingError)
    -> Tensor
  {
    try Tensor(withHandle { x in weight.withHandle { cmlx_rms_norm(kernels.raw, x, $0, epsilon) } }, "RMSNorm")
  }

  /// [N, in] times each of `weights` [out, in] transposed, side by side, plus `residual` -> [N, sum of out].
  package func linear(_ weights: [Tensor], adding residual: Tensor? = nil, _ kernels: Kernels = .automatic)
    throws(TrainingError) -> Tensor
  {
    let handle = withHandle { x in
      Tensor.withHandles(weights) { weights in
        guard let residual else { return cmlx_linear(kernels.raw, x, weights, weights.count, nil) }
        return residual.withHandle { cmlx_linear(kernels.raw, x, weights, weights.count, $0) }
      }
    }
    return try Tensor(handle, "a linear layer")
  }

  /// Rotary positions and causal attention within documents. This is queries, keys and values side by side,
  /// [B * T, (heads + 2 * keyHeads) * D]; `positions` [B, T] are 0 where a document begins -> [B * T, heads * D].
  package func attention(
    positions: Tensor, heads: Int, keyHeads: Int, ropeBase: Float, _ kernels: Kernels = .automatic
  ) throws(TrainingError) -> Tensor {
    let handle = withHandle { qkv in
      positions.withHandle { cmlx_attention(kernels.raw, qkv, $0, Int32(heads), Int32(keyHeads), ropeBase) }
    }
    return try Tensor(handle, "attention")
  }

  /// silu(gate) * up, where this is both side by side [N, 2 * F] -> [N, F].
  package func swiGLU(_ kernels: Kernels = .automatic) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_swiglu(kernels.raw, $0) }, "SwiGLU")
  }

  /// The same numbers, but each 0 with this probability, and the others larger by as much (Srivastava et al. 2014).
  /// The same seed drops the same ones.
  func droppingOut(_ probability: Float, seed: UInt64) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_dropout($0, probability, seed) }, "dropout")
  }

  /// -ln p of each of `targets` [N] where this is logits [N, V] -> [N].
  package func crossEntropy(_ targets: Tensor, _ kernels: Kernels = .automatic) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { z in targets.withHandle { cmlx_cross_entropy(kernels.raw, z, $0) } }, "cross-entropy")
  }
}
