import TandemInference

/// Low-rank updates of a model's matrices: W x becomes W x + alpha / r B A x (arXiv:2106.09685, Sec. 4.1).
package struct LoRA: Sendable {
  package let configuration: LoRAConfiguration
  /// A and B of each matrix. Its rows and columns are in GGUF's order, as the model's own are.
  package var parameters: Parameters
  /// Tells the model that it was made for from others.
  package let base: String
  /// Seeds which inputs are dropped; nil drops none, as outside training.
  var dropoutSeed: UInt64?

  init(_ configuration: LoRAConfiguration, parameters: Parameters, base: String) {
    self.configuration = configuration
    self.parameters = parameters
    self.base = base
  }

  /// Updates that change nothing yet: B is 0, A uniform within 1 / sqrt(inputs), as in the paper's own code.
  ///
  /// Throws `invalidOption`.
  package init(_ configuration: LoRAConfiguration, for model: Llama, seed: UInt64) throws(TrainingError) {
    try configuration.validate(for: model.configuration)
    var named: [(name: String, tensor: Tensor)] = []
    for (index, (name, shape)) in configuration.shapes(for: model.configuration).enumerated() {
      var generator = SplitMix64(seed: SplitMix64.derive(seed, UInt64(index)))
      let bound = name.hasSuffix("lora_a") ? 1 / Float(shape[1]).squareRoot() : 0
      let values = (0..<shape.reduce(1, *)).map { _ in (2 * generator.uniform() - 1) * bound }
      named.append((name, try Tensor(values, shape: shape)))
    }
    self.init(configuration, parameters: Parameters(named), base: try model.fingerprint())
  }

  static func name(_ factor: String, of weight: String) -> String { "\(weight).lora_\(factor)" }

  func isAdapted(_ weight: String) -> Bool { parameters.contains(Self.name("a", of: weight)) }

  private var scale: Float { configuration.alpha / Float(configuration.rank) }

  /// What the updates of the matrices `weights` make of their common input, added to what these make of it themselves.
  ///
  /// x [N, in], outputs [N, sum of out] -> [N, sum of out]. `rows` are the out of each.
  func update(
    _ outputs: Tensor, of weights: [String], rows: [Int], at x: Tensor, _ kernels: Kernels
  ) throws(TrainingError) -> Tensor {
    let adapted = weights.filter(isAdapted)
    guard !adapted.isEmpty else { return outputs }
    var factors: [Tensor] = []
    for name in adapted { factors.append(try parameters(Self.name("a", of: name))) }
    // All A side by side: [N, in] -> [N, adapted * rank].
    let seen = try dropoutSeed.map { seed throws(TrainingError) in
      try x.droppingOut(configuration.dropout, seed: SplitMix64.derive(seed, Self.place(of: weights[0])))
    }
    let hidden = try (seen ?? x).linear(factors, kernels)
    // Each B reads its own columns, and a matrix without an update none.
    let (rank, width) = (configuration.rank, adapted.count * configuration.rank)
    var columns: [Tensor] = []
    for (name, rows) in zip(weights, rows) {
      guard let place = adapted.firstIndex(of: name) else {
        columns.append(try .zeros([rows, width]))
        continue
      }
      var selection = [Float](repeating: 0, count: rank * width)
      for row in 0..<rank { selection[row * width + place * rank + row] = scale }
      columns.append(
        try parameters(Self.name("b", of: name)).matrixMultiplied(by: Tensor(selection, shape: [rank, width])))
    }
    return try hidden.linear(columns, adding: outputs, kernels)
  }

  /// A number for each input of a matrix, so that each drops others.
  private static func place(of weight: String) -> UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.combine(weight.utf8)
    return fingerprint.value
  }

  /// alpha / r B A of one matrix, [out, in]; nil if it has no update.
  func update(of weight: String) throws(TrainingError) -> Tensor? {
    guard isAdapted(weight) else { return nil }
    let (a, b) = (try parameters(Self.name("a", of: weight)), try parameters(Self.name("b", of: weight)))
    return try b.matrixMultiplied(by: a) * scale
  }
}
