public import TandemInference

/// A kind of server that runs models: which ones there are, and what each can do.
public struct ServerKind: Sendable, Hashable {
  /// Its name: "vLLM".
  public let name: String
  /// What sessions can do if the server was started for it; the probe finds out what is missing.
  public let capabilities: EngineCapabilities

  /// All kinds that are understood.
  public static let all = ([VLLMDialect(), SGLangDialect(), LlamaServerDialect()] as [any Dialect])
    .map { Self(name: $0.name, capabilities: $0.capabilities) }
}
