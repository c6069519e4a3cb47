import CMLX

/// Adam with decoupled weight decay (arXiv:1711.05101), its gradients clipped by their common norm.
package struct AdamW: Sendable {
  /// What stays the same from step to step.
  package struct Options: Sendable, Hashable, Codable {
    package var beta1: Float
    package var beta2: Float
    package var epsilon: Float
    /// Of matrices; norms do not decay.
    package var weightDecay: Float
    /// The largest norm of all gradients together.
    package var clip: Float

    package init(
      beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8, weightDecay: Float = 0.01, clip: Float = 1
    ) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.clip = clip
    }
  }

  package let options: Options
  package var kernels: Kernels = .automatic
  /// Running means of gradients and of their squares, one for each parameter, and the steps they are of.
  package private(set) var first: [Tensor]
  package private(set) var second: [Tensor]
  package private(set) var step: Int

  package init(_ parameters: [Tensor], _ options: Options) throws(TrainingError) {
    var zeros: [Tensor] = []
    for parameter in parameters { zeros.append(try Tensor.zeros(parameter.shape)) }
    self.init(first: zeros, second: zeros, step: 0, options)
  }

  init(first: [Tensor], second: [Tensor], step: Int, _ options: Options) {
    (self.first, self.second, self.step, self.options) = (first, second, step, options)
  }

  /// Moves `parameters` one step against `gradients`, which are multiplied by `scale` first.
  ///
  /// - Returns: The norm of the gradients before clipping. Where it is not a number, nothing has changed.
  package mutating func update(
    _ parameters: inout [Tensor], _ gradients: [Tensor], learningRate: Float, scale: Float = 1
  ) throws(TrainingError) -> Float {
    let count = parameters.count
    precondition(gradients.count == count && first.count == count, "each parameter has one gradient and two moments")
    let raw = cmlx_adamw_options(
      learning_rate: learningRate, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon,
      weight_decay: options.weightDecay, scale: scale, clip: options.clip, step: Int32(step + 1))
    var updated = [cmlx_array?](repeating: nil, count: 3 * count)
    var norm: Float = 0
    let decays = parameters.map { $0.shape.count > 1 }
    let isDone = Tensor.withHandles(parameters) { p in
      Tensor.withHandles(gradients) { g in
        Tensor.withHandles(first) { m in
          Tensor.withHandles(second) { v in
            cmlx_adamw(kernels.raw, p, g, m, v, decays, count, raw, &updated, &norm)
          }
        }
      }
    }
    guard isDone else { throw Tensor.failure("AdamW") }
    guard norm.isFinite else { return norm }
    var tensors: [Tensor] = []
    for handle in updated { tensors.append(try Tensor(handle, "AdamW")) }
    parameters = Array(tensors[..<count])
    first = Array(tensors[count..<2 * count])
    second = Array(tensors[(2 * count)...])
    step += 1
    return norm
  }
}
