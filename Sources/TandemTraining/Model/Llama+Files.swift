extension Llama {
  /// A model of a GGUF file, its quantised weights as F32, with the metadata of that file.
  package static func load(_ path: String) throws(TrainingError) -> (model: Llama, metadata: [String: GGUFValue]) {
    let file = try TensorFile(path: path, .gguf)
    let configuration = try LlamaConfiguration(file, path: path)
    let parameters = try Parameters(configuration.shapes, from: file.tensors)
    var model = Llama(configuration, parameters: parameters)
    if case .int32s(let kinds) = file.metadata["tokenizer.ggml.token_type"] {
      model.missingTokens = kinds.indices.prefix(configuration.vocabularySize).filter {
        kinds[$0] == BytePairVocabulary.Kind.unused.rawValue
      }
    }
    return (model, file.metadata)
  }

  /// The number formats of a GGUF file that the trainer writes. llama.cpp converts F32 to all others.
  package enum FileFormat: String, Sendable, CaseIterable {
    case f32 = "F32"
    /// Matrices as F16; norms stay F32, as in the files that llama.cpp itself converts.
    case f16 = "F16"
  }

  /// Writes a GGUF file that llama.cpp can run.
  ///
  /// - Parameter metadata: What only the caller can tell: name, licence, tokenizer, chat template.
  package func save(_ path: String, as format: FileFormat = .f32, metadata: [String: GGUFValue]) throws(TrainingError) {
    var file = TensorFile(metadata: metadata.merging(configuration.metadata) { _, own in own })
    file.metadata["general.file_type"] = .uint32(format == .f16 ? 1 : 0)
    for (name, tensor) in zip(parameters.names, parameters.tensors) {
      file.tensors[name] = format == .f16 && tensor.shape.count == 2 ? try tensor.asF16() : tensor
    }
    try file.write(to: path, .gguf)
  }
}
