import TandemInference

/// A model's parameters by their GGUF names, in a fixed order.
///
/// The order makes them the arguments of a loss function: `with(_:)` puts other tensors, such as the stand-ins of
/// a gradient or those of an adapter, in their places.
package struct Parameters: Sendable {
  package let names: [String]
  package private(set) var tensors: [Tensor]
  private let indices: [String: Int]

  package init(_ named: [(name: String, tensor: Tensor)]) {
    names = named.map(\.name)
    tensors = named.map(\.tensor)
    indices = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
  }

  package func callAsFunction(_ name: String) throws(TrainingError) -> Tensor {
    guard let index = indices[name] else { throw .parameterMissing(name: name) }
    return tensors[index]
  }

  package func contains(_ name: String) -> Bool { indices[name] != nil }

  /// The same names with other tensors, one for each.
  package func with(_ tensors: [Tensor]) -> Parameters {
    precondition(tensors.count == names.count, "one tensor is needed for each of \(names.count) parameters")
    var copy = self
    copy.tensors = tensors
    return copy
  }

  /// Takes those of `shapes` from a file, as F32. Throws `parameterMissing` or `parameterShape`.
  package init(_ shapes: [(name: String, shape: [Int])], from tensors: [String: Tensor]) throws(TrainingError) {
    var named: [(name: String, tensor: Tensor)] = []
    for (name, shape) in shapes {
      guard let tensor = tensors[name] else { throw .parameterMissing(name: name) }
      guard tensor.shape == shape else {
        throw .parameterShape(name: name, found: tensor.shape, expected: shape)
      }
      named.append((name, try tensor.asF32()))
    }
    self.init(named)
    try Tensor.evaluate(self.tensors)
  }

  /// Normal numbers whose spread keeps the variance of activations (1 / sqrt(inputs)); the two layers of a block that
  /// add to the residual are smaller by sqrt(2 * blocks), as in GPT-2. Norms begin at 1.
  package init(initialising configuration: LlamaConfiguration, seed: UInt64) throws(TrainingError) {
    let residual = 1 / (2 * Float(configuration.blockCount)).squareRoot()
    var named: [(name: String, tensor: Tensor)] = []
    for (index, (name, shape)) in configuration.shapes.enumerated() {
      let count = shape.reduce(1, *)
      var values = [Float](repeating: 1, count: count)
      if shape.count == 2 {
        let isResidual = name.contains("attn_output") || name.contains("ffn_down")
        let spread = (isResidual ? residual : 1) / Float(shape[1]).squareRoot()
        var normal = NormalDistribution(seed: SplitMix64.derive(seed, UInt64(index)))
        for index in values.indices { values[index] = normal.next() * spread }
      }
      named.append((name, try Tensor(values, shape: shape)))
    }
    self.init(named)
  }
}
