import Testing

@testable import TandemTraining

/// Values and gradients of each fused operation against the same composed of MLX's own.
@Suite struct `Fused operations` {
  /// Compares a function of tensors, and the gradient of its product with random numbers by each of them.
  private func compare(
    _ inputs: [Tensor], tolerance: Float = 2e-5, sourceLocation: SourceLocation = #_sourceLocation,
    _ function: ([Tensor], Kernels) throws(TrainingError) -> Tensor
  ) throws {
    let shape = try function(inputs, .composed).shape
    let direction = try noise(shape, seed: 99)
    func run(_ kernels: Kernels) throws -> (Tensor, [Tensor]) {
      let value = try function(inputs, kernels)
      let (_, gradients) = try Tensor.valueAndGradient(of: inputs) { inputs throws(TrainingError) in
        try (function(inputs, kernels) * direction).sum()
      }
      return (value, gradients)
    }
    let (fused, composed) = (try run(.fused), try run(.composed))
    #expect(try distance(fused.0, composed.0) < tolerance, sourceLocation: sourceLocation)
    for (index, pair) in zip(fused.1, composed.1).enumerated() {
      let size = try pair.1.values().map(abs).max() ?? 0
      #expect(size > 0, "gradient \(index) says nothing", sourceLocation: sourceLocation)
      #expect(
        try distance(pair.0, pair.1) < tolerance * max(size, 1), "gradient \(index)", sourceLocation: sourceLocation)
    }
  }

  @Test func `RMSNorm is MLX's, over more rows than one block`() throws {
    try compare([noise([1100, 10], seed: 1), noise([10], seed: 2)], tolerance: 1e-4) {
      x, kernels throws(TrainingError) in
      try x[0].rmsNorm(x[1], epsilon: 1e-5, kernels)
    }
  }

  @Test func `several linear maps lie side by side, and the residual is added`() throws {
    let inputs = try [
      noise([7, 5], seed: 1), noise([3, 5], seed: 2), noise([4, 5], seed: 3), noise([7, 7], seed: 4),
    ]
    try compare(inputs) { x, kernels throws(TrainingError) in
      try x[0].linear([x[1], x[2]], adding: x[3], kernels)
    }
    try compare(Array(inputs[..<2])) { x, kernels throws(TrainingError) in try x[0].linear([x[1]], kernels) }
  }

  @Test func `SwiGLU is MLX's, also where exp would overflow`() throws {
    try compare([noise([9, 12], seed: 1, spread: 3)]) { x, kernels throws(TrainingError) in try x[0].swiGLU(kernels) }
    let extreme = try Tensor([-200, 200, 3, 3], shape: [1, 4])
    #expect(try distance(extreme.swiGLU(.fused), extreme.swiGLU(.composed)) < 1e-4)
  }

  @Test func `rows of a table are gathered, and their gradients added up`() throws {
    let ids = try Tensor(integers: [2, 0, 2, 4], shape: [4])
    try compare([noise([5, 3], seed: 1)]) { x, kernels throws(TrainingError) in try x[0].rows(ids, kernels) }
  }

  @Test func `cross-entropy is MLX's, also for large logits`() throws {
    let targets = try Tensor(integers: [1, 0, 6], shape: [3])
    try compare([noise([3, 7], seed: 1, spread: 20)]) { x, kernels throws(TrainingError) in
      try x[0].crossEntropy(targets, kernels)
    }
  }

  /// Rows with one long document (more than a tile), several short ones, and padding.
  @Test(arguments: [(4, 4), (4, 2), (6, 1)]) func `attention stays in its document`(heads: Int, keyHeads: Int) throws {
    let length = 300
    let rows = [Array(0..<length), Array(0..<130) + Array(0..<2) + Array(0..<150) + Array(repeating: 0, count: 18)]
    let positions = try Tensor(integers: rows.flatMap { $0.map(Int32.init) }, shape: [2, length])
    let qkv = try noise([2 * length, (heads + 2 * keyHeads) * 6], seed: 1)
    try compare([qkv], tolerance: 5e-5) { x, kernels throws(TrainingError) in
      try x[0].attention(positions: positions, heads: heads, keyHeads: keyHeads, ropeBase: 100, kernels)
    }
  }

  @Test func `the gradient of attention is what finite differences say`() throws {
    let positions = try Tensor(integers: [0, 1, 2, 0, 1], shape: [1, 5])
    let direction = try noise([5, 4], seed: 7)
    func loss(_ qkv: Tensor) throws(TrainingError) -> Tensor {
      try (qkv.attention(positions: positions, heads: 1, keyHeads: 1, ropeBase: 10, .fused) * direction).sum()
    }
    let start = try noise([5, 12], seed: 2).values()
    let (_, gradients) = try Tensor.valueAndGradient(of: [Tensor(start, shape: [5, 12])]) { x throws(TrainingError) in
      try loss(x[0])
    }
    let gradient = try gradients[0].values()
    let step: Float = 1e-2
    for index in start.indices {
      var (up, down) = (start, start)
      up[index] += step
      down[index] -= step
      let slope =
        try (loss(Tensor(up, shape: [5, 12])).item() - loss(Tensor(down, shape: [5, 12])).item()) / (2 * step)
      #expect(abs(slope - gradient[index]) < 2e-3, "number \(index)")
    }
  }

  @Test func `AdamW moves parameters as the composed one does, clipped and with decay`() throws {
    let start = try [noise([3, 4], seed: 1), noise([4], seed: 2)]
    var results: [[Tensor]] = []
    for kernels in [Kernels.fused, .composed] {
      var parameters = start
      var adam = try AdamW(parameters, .init(weightDecay: 0.1, clip: 0.5))
      adam.kernels = kernels
      for step in 0..<3 {
        let gradients = try start.map { try noise($0.shape, seed: UInt64(10 + step)) }
        let norm = try adam.update(&parameters, gradients, learningRate: 0.01, scale: 2)
        #expect(norm > 0.5)
      }
      results.append(parameters + adam.first + adam.second)
    }
    for (fused, composed) in zip(results[0], results[1]) { #expect(try distance(fused, composed) < 1e-6) }
  }

  @Test func `the first step of AdamW is its formula`() throws {
    var parameters = try [Tensor([1, -2], shape: [1, 2]), Tensor([3], shape: [1])]
    var adam = try AdamW(parameters, .init(epsilon: 1e-8, weightDecay: 0.1, clip: 100))
    _ = try adam.update(&parameters, [Tensor([0.5, -4], shape: [1, 2]), Tensor([2], shape: [1])], learningRate: 0.01)
    // After one step the corrected moments are g and g^2: the change is lr * (sign(g) + decay * p).
    let expected = try Tensor([0.989, -1.988], shape: [1, 2])
    #expect(try distance(parameters[0], expected) < 1e-6)
    #expect(try abs(parameters[1].item() - 2.99) < 1e-6, "a vector does not decay")
  }
}
