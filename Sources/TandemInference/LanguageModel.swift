/// A model that can be asked to write: an engine's, a remote one, or one composed of others.
public protocol LanguageModel: Sendable {
  var name: String { get }
  var capabilities: EngineCapabilities { get }
  var tokenizer: any Tokenizer { get }
  var template: any ChatTemplate { get }
  /// The most tokens that one session can hold.
  var contextSize: Int { get }
  /// Its sizes; nil where they are not known.
  var shape: ModelShape? { get }
  /// Everything its sessions have made it do, since it was loaded.
  var counters: EngineCounters { get }

  /// An empty session. Waits for a free place, first come first served, or throws `busy`, as the engine was set up.
  func makeSession(adapter: Adapter?) async throws -> any Session
}

extension LanguageModel {
  public var shape: ModelShape? { nil }

  /// An empty session of the model as it was loaded.
  public func makeSession() async throws -> any Session { try await makeSession(adapter: nil) }
}

/// What an engine can do beyond writing text. A strategy declares what it needs; a lack is an error before any work.
public struct EngineCapabilities: OptionSet, Sendable, Hashable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Token ids go in and come out, so that two models of one vocabulary can hand tokens over.
  public static let tokens = Self(rawValue: 1 << 0)
  /// The whole row of logits, and logit processors.
  public static let logits = Self(rawValue: 1 << 1)
  /// Sessions that share a cache.
  public static let fork = Self(rawValue: 1 << 2)
  /// Teacher-forced log-probabilities.
  public static let score = Self(rawValue: 1 << 3)
  /// LoRA adapters, chosen by session.
  public static let adapters = Self(rawValue: 1 << 4)
  /// Control vectors, chosen by session.
  public static let controlVectors = Self(rawValue: 1 << 5)
  /// Hidden states.
  public static let embeddings = Self(rawValue: 1 << 6)
  /// Saving and restoring a cache.
  public static let state = Self(rawValue: 1 << 7)
  /// Several proposed tokens in one pass, dropped again where something else is drawn: see `Proposer`.
  public static let proposals = Self(rawValue: 1 << 8)

  private static let names: [(Self, String)] = [
    (.tokens, "tokens"), (.logits, "logits"), (.fork, "fork"), (.score, "score"), (.adapters, "adapters"),
    (.controlVectors, "control-vectors"), (.embeddings, "embeddings"), (.state, "state"),
    (.proposals, "proposals"),
  ]

  /// The words for what is in this set, as errors and `tandem strategies` print them.
  public var names: [String] { Self.names.filter { contains($0.0) }.map(\.1) }
}

/// What changes a model's weights or activations for one session; a cache made with one is of no use to another.
public struct Adapter: Sendable, Hashable, Codable {
  /// Low-rank updates from GGUF files, each with a scale.
  public var lora: [LoRA]
  /// A direction added to the hidden states of some layers.
  public var controlVector: ControlVector?
  /// Control vectors from GGUF files, each with a scale; they add up, with `controlVector` too.
  public var controlVectorFiles: [ControlVectorFile]

  public init(
    lora: [LoRA] = [], controlVector: ControlVector? = nil, controlVectorFiles: [ControlVectorFile] = []
  ) {
    self.lora = lora
    self.controlVector = controlVector
    self.controlVectorFiles = controlVectorFiles
  }

  public struct LoRA: Sendable, Hashable, Codable {
    public var path: String
    public var scale: Float

    public init(path: String, scale: Float = 1) {
      self.path = path
      self.scale = scale
    }
  }

  public struct ControlVector: Sendable, Hashable, Codable {
    /// `[layers − 1, embedding size]`, the first row for layer 1: what is added to each layer's output.
    public var directions: [[Float]]
    /// The layers it acts on, counted from 1.
    public var layers: ClosedRange<Int>
    /// The tokens it acts on.
    public var positions: Positions

    public init(directions: [[Float]], layers: ClosedRange<Int>, positions: Positions = .all) {
      self.directions = directions
      self.layers = layers
      self.positions = positions
    }

    /// Which tokens a control vector acts on.
    public enum Positions: String, Sendable, Hashable, Codable, CaseIterable {
      case all
      /// Those after which the text stands at a blank line, as SEAL has it (arXiv:2504.07986, Sec. 3).
      case blankLines = "blank-lines"
    }
  }

  public struct ControlVectorFile: Sendable, Hashable, Codable {
    public var path: String
    public var scale: Float

    public init(path: String, scale: Float = 1) {
      self.path = path
      self.scale = scale
    }
  }
}
