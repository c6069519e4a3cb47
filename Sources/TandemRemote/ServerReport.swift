public import TandemInference

/// What a server is and can do, as the probe found it.
public struct ServerReport: Sendable, Hashable {
  /// The server's address.
  public var server: String
  /// The kind of server: "vLLM".
  public var dialect: String
  /// Its version, if it says one.
  public var version: String?
  /// The model's name there.
  public var model: String
  /// The other models and adapters that it serves.
  public var models: [String]
  /// The adapters of the model.
  public var adapters: [String]
  /// The most tokens of a sequence.
  public var contextSize: Int
  /// Whether the server's tokenizer gives the tokens of the local vocabulary, or what is known instead.
  public var vocabulary: VocabularyCheck
  /// What its sessions can do.
  public var capabilities: EngineCapabilities
  /// What this kind of server could do, and this one does not, each with the reason.
  public var missing: [String]
  /// A word that tells this process from other clients in the server's log and at routers.
  public var client: String

  /// Whether a server's vocabulary is the local one.
  public enum VocabularyCheck: Sendable, Hashable {
    /// A text with everything that tokenizers differ in has the same tokens.
    case confirmed
    /// The server has no tokenizer to ask; the ids of a prompt came back as they were sent.
    case unchecked
  }
}
