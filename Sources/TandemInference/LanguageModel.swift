/// A model that can be asked to write: an engine's, a remote one, or one composed of others.
public protocol LanguageModel: Sendable {
  /// What its sessions are. `any LanguageModel` returns them as `any Session`.
  associatedtype ModelSession: Session

  /// A short name for reports and errors.
  var name: String { get }
  /// What it can do beyond writing text; its sessions have the interfaces to match.
  var capabilities: EngineCapabilities { get }
  /// Its vocabulary.
  var tokenizer: any Tokenizer { get }
  /// How messages become a prompt.
  var template: any ChatTemplate { get }
  /// The most tokens that one session can hold.
  var contextSize: Int { get }
  /// Its sizes; nil if they are not known.
  var shape: ModelShape? { get }
  /// Everything its sessions have made it do, since it was loaded.
  var counters: EngineCounters { get }
  /// How a session that one run has left can serve another; nil if it cannot.
  var reuse: SessionReuse? { get }

  /// Throws if nothing can be asked of it now, since its server is not there, for example.
  func checkAvailability() async throws

  /// An empty session. Waits for a free sequence, first come first served, or throws `busy`, as the engine was set up;
  /// throws `unsupported` for an adapter that needs a capability which the model does not have.
  func makeSession(adapter: Adapter?) async throws -> ModelSession
}

extension LanguageModel {
  /// Not known.
  public var shape: ModelShape? { nil }
  /// A session serves one run.
  public var reuse: SessionReuse? { nil }
  /// An engine in this process is always there.
  public func checkAvailability() async throws {}

  /// An empty session of the model as it was loaded.
  public func makeSession() async throws -> ModelSession { try await makeSession(adapter: nil) }
}

/// How a session that one run has left can serve another run.
public struct SessionReuse: Sendable, Hashable {
  /// The engine: its sessions are interchangeable if they have the same adapter on.
  public let engine: ObjectIdentifier
  /// Whether a session can drop the end of what it holds. If not, `extend(to:)` evaluates everything again whenever it
  /// would have to.
  public let rewinds: Bool

  /// Sessions of `engine`.
  public init(of engine: AnyObject, rewinds: Bool) {
    self.engine = ObjectIdentifier(engine)
    self.rewinds = rewinds
  }
}

/// What an engine can do beyond writing text. A strategy declares what it needs; a lack is an error before any work.
public struct EngineCapabilities: OptionSet, Sendable, Hashable {
  /// One bit for each capability.
  public let rawValue: Int

  /// The set with these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Token ids go in and come out, so that two models of one vocabulary can hand tokens over.
  public static let tokens = Self(rawValue: 1 << 0)
  /// The whole row of logits (`LogitSession`), and logit processors.
  public static let logits = Self(rawValue: 1 << 1)
  /// Forks that share their parent's cache. Without it a fork evaluates everything again.
  public static let fork = Self(rawValue: 1 << 2)
  /// Teacher-forced log-probabilities (`ScoringSession`).
  public static let score = Self(rawValue: 1 << 3)
  /// LoRA adapters, chosen by session.
  public static let adapters = Self(rawValue: 1 << 4)
  /// Control vectors, chosen by session.
  public static let controlVectors = Self(rawValue: 1 << 5)
  /// Hidden states (`EmbeddingSession`).
  public static let embeddings = Self(rawValue: 1 << 6)
  /// Saving and restoring a cache (`StateSession`).
  public static let state = Self(rawValue: 1 << 7)
  /// Several draft tokens in one pass, dropped again if something else is sampled: see `Proposer`.
  public static let proposals = Self(rawValue: 1 << 8)
  /// Grammars that generations follow: see `Grammar`.
  public static let grammar = Self(rawValue: 1 << 9)
  /// Constant biases of logits: `LogitProcessor.bias`. Whoever has `logits` has them too.
  public static let bias = Self(rawValue: 1 << 10)
  /// The likeliest tokens with their log-probabilities, and so bounds on the entropy. Likewise.
  public static let alternatives = Self(rawValue: 1 << 11)

  /// A temperature of single tokens: `LogitProcessor.scaling`. Likewise.
  public static let scaling = Self(rawValue: 1 << 12)

  /// What of `needs` is not here. Whoever has `logits` has `score`, `bias`, `alternatives` and `scaling` too.
  public func lacking(_ needs: Self) -> Self {
    needs.subtracting(contains(.logits) ? union([.score, .bias, .alternatives, .scaling]) : self)
  }

  private static let names: [(Self, String)] = [
    (.tokens, "tokens"), (.logits, "logits"), (.fork, "fork"), (.score, "score"), (.adapters, "adapters"),
    (.controlVectors, "control-vectors"), (.embeddings, "embeddings"), (.state, "state"),
    (.proposals, "proposals"), (.grammar, "grammar"), (.bias, "bias"), (.alternatives, "alternatives"),
    (.scaling, "scaling"),
  ]

  /// The words for what is in this set, as errors and `tandem strategies` print them.
  public var names: [String] { Self.names.filter { contains($0.0) }.map(\.1) }
}
