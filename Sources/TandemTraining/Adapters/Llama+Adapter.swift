import TandemInference

extension Llama {
  /// What training changes: the adapter's parameters if there is one, else the model's own.
  package var trained: Parameters { adapter?.parameters ?? parameters }

  /// This model with `adapter` on. Throws `invalidOption` or `parameterShape` if it was made for another.
  package func with(_ adapter: LoRA) throws(TrainingError) -> Llama {
    let fingerprint = try fingerprint()
    guard adapter.base == fingerprint else {
      throw .invalidOption(
        name: "adapter", reason: "was made for another model: its base is \(adapter.base), and this one \(fingerprint)")
    }
    for (name, shape) in adapter.configuration.shapes(for: configuration) {
      let found = try adapter.parameters(name).shape
      guard found == shape else { throw .parameterShape(name: name, found: found, expected: shape) }
    }
    var copy = self
    copy.adapter = adapter
    return copy
  }

  /// The same model with the adapter's updates added to its matrices, and no adapter.
  package func merged() throws(TrainingError) -> Llama {
    guard let adapter else { return self }
    var tensors: [Tensor] = []
    for (name, tensor) in zip(parameters.names, parameters.tensors) {
      tensors.append(try adapter.update(of: name).map { update throws(TrainingError) in try tensor + update } ?? tensor)
    }
    try Tensor.evaluate(tensors)
    return Llama(configuration, parameters: parameters.with(tensors))
  }

  /// Tells this model from others in hexadecimal digits, whatever its number format: from its norms, which every file
  /// has in F32.
  package func fingerprint() throws(TrainingError) -> String {
    var fingerprint = Fingerprint()
    for (name, tensor) in zip(parameters.names, parameters.tensors) where tensor.shape.count == 1 {
      fingerprint.combine(name.utf8)
      for value in try tensor.values() { fingerprint.combine(withUnsafeBytes(of: value.bitPattern) { Array($0) }) }
    }
    return String(fingerprint.value, radix: 16)
  }

  /// x times each of the matrices called `names` transposed, side by side, their updates included, plus `residual`.
  func linear(_ x: Tensor, _ names: [String], adding residual: Tensor? = nil) throws(TrainingError) -> Tensor {
    var weights: [Tensor] = []
    for name in names { weights.append(try parameters(name)) }
    let outputs = try x.linear(weights, adding: residual, kernels)
    return try adapter?.update(outputs, of: names, rows: weights.map { $0.shape[0] }, at: x, kernels) ?? outputs
  }
}
