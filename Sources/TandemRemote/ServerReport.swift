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
  /// How many calls it works on at once, if it says so; more wait there.
  public var slots: Int?
  /// What it says of the model beside its name, such as its size in bytes: tells it from another under that name.
  public var facts: [String]
  /// Whether its vocabulary is the local one.
  public var vocabulary: Check
  /// Whether its chat template is the local one. Prompts are rendered here, with the local one.
  public var template: Check
  /// What its sessions can do.
  public var capabilities: EngineCapabilities
  /// What this kind of server could do, and this one does not, each with the reason.
  public var missing: [String]
  /// A word that tells this process from other clients in the server's log and at routers.
  public var client: String

  /// Whether something of a server is what it is here.
  public enum Check: String, Sendable, Hashable {
    /// A text with everything that can differ becomes the same tokens.
    case confirmed
    /// It becomes other tokens.
    case differs
    /// The server has nothing to ask.
    case unchecked
    /// There is nothing here to compare with.
    case notCompared = "not compared"
  }

  /// The model and its server, as reports and errors have them: "r1-32b@host:8000".
  public var name: String { "\(model)@\(server.split(separator: "/", maxSplits: 1).last?.drop { $0 == "/" } ?? "")" }

  /// The server in words: "http://host:8000, vLLM 0.32.0, window of 32768 tokens, vocabulary confirmed".
  public var summary: String {
    "\(server), \(dialect)\(version.map { " " + $0 } ?? ""), window of \(contextSize) tokens, vocabulary "
      + vocabulary.rawValue
  }

  /// Differs if the model does, as far as the server says; not if only its window or its version is another.
  public var fingerprint: String {
    var print = Fingerprint()
    for text in [dialect, model] + facts { print.combine(text.utf8) }
    return String(print.value, radix: 16)
  }
}
