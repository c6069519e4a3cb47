extension LoRA {
  private static let base = "tandem.adapter.base"

  /// Writes a GGUF adapter that llama.cpp can load for the model that it was made for.
  ///
  /// - Parameter metadata: What only the caller can tell: name, licence.
  package func save(_ path: String, metadata: [String: GGUFValue] = [:]) throws(TrainingError) {
    let own: [String: GGUFValue] = [
      "general.type": .string("adapter"),
      "general.architecture": .string("llama"),
      "adapter.type": .string("lora"),
      "adapter.lora.alpha": .float32(configuration.alpha),
      Self.base: .string(base),
    ]
    var file = TensorFile(metadata: metadata.merging(own) { _, own in own })
    for (name, tensor) in zip(parameters.names, parameters.tensors) { file.tensors[name] = tensor }
    try file.write(to: path, .gguf)
  }

  /// Reads an adapter for `model`, its own or one that another program made.
  ///
  /// Dropout is not in the file, and 0. Throws `fileUnreadable`, or `fileInvalid` if it is no such adapter or belongs
  /// to another model.
  package static func load(_ path: String, for model: Llama) throws(TrainingError) -> LoRA {
    let file = try TensorFile(path: path, .gguf)
    func fail(_ reason: String) -> TrainingError { .fileInvalid(path: path, reason: reason) }
    guard file.metadata["general.type"]?.string == "adapter", file.metadata["adapter.type"]?.string == "lora" else {
      throw fail("it is not a LoRA adapter")
    }
    guard let alpha = file.metadata["adapter.lora.alpha"]?.real else { throw fail("it has no adapter.lora.alpha") }
    let matrices = Set(model.parameters.names)
    var (targets, ranks) = (Set<LoRAConfiguration.Target>(), Set<Int>())
    for (name, tensor) in file.tensors {
      let parts = name.split(separator: ".")
      guard parts.count == 5, ["lora_a", "lora_b"].contains(parts[4]), matrices.contains(String(name.dropLast(7))),
        let target = LoRAConfiguration.Target(rawValue: String(parts[2])), tensor.shape.count == 2
      else { throw fail("it changes \(name), which this model does not have or the trainer does not adapt") }
      targets.insert(target)
      ranks.insert(tensor.shape[parts[4] == "lora_a" ? 0 : 1])
    }
    guard let rank = ranks.first, ranks.count == 1 else {
      throw fail("its matrices have the ranks \(ranks.sorted()), and the trainer has one rank for all")
    }
    let configuration = LoRAConfiguration(
      rank: rank, alpha: alpha, dropout: 0, targets: LoRAConfiguration.Target.allCases.filter(targets.contains))
    do {
      try configuration.validate(for: model.configuration)
      let parameters = try Parameters(configuration.shapes(for: model.configuration), from: file.tensors)
      let fingerprint = try model.fingerprint()
      let adapter = LoRA(
        configuration, parameters: parameters, base: file.metadata[Self.base]?.string ?? fingerprint)
      return try model.with(adapter).adapter ?? adapter
    } catch {
      throw fail("it does not fit this model: \(error.description)")
    }
  }
}
