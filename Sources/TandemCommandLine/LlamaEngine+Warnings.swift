package import TandemLlama

extension LlamaEngine {
  /// Loads a model, and writes on standard error what its file lacks.
  package static func loadWithWarnings(_ path: String, _ parameters: LlamaParameters) async throws -> LlamaEngine {
    let engine = try await load(path, parameters)
    for warning in engine.file.warnings { Console.write("Warning: \(path): \(warning)\n", to: .standardError) }
    return engine
  }
}
