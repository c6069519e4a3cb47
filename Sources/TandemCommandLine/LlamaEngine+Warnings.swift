package import TandemLlama

extension LlamaEngine {
  /// Loads a model, and writes on standard error what its file lacks.
  package static func loadWithWarnings(_ path: String, _ parameters: LlamaParameters) async throws -> LlamaEngine {
    try await loadWithWarnings(try GGUFFile(path: path), parameters)
  }

  /// The same for a model whose description was read before.
  package static func loadWithWarnings(_ file: GGUFFile, _ parameters: LlamaParameters) async throws -> LlamaEngine {
    let engine = try await load(file, parameters)
    for warning in file.warnings { Console.write("Warning: \(file.path): \(warning)\n", to: .standardError) }
    return engine
  }
}
