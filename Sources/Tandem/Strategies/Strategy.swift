public import TandemInference

/// A way for two models to reason about one problem together.
///
/// A strategy is its settings and nothing else; all that changes is in the run. It asks for thoughts, and never sees
/// tokens, caches or JSON.
public protocol Strategy: Sendable, Codable, Hashable {
  /// As on the command line: lower case, with hyphens.
  static var name: String { get }
  static var about: StrategyDescription { get }
  /// What the models of each role must be able to do, as far as that does not depend on the settings.
  static var requirements: [Role: EngineCapabilities] { get }
  /// The same with these settings; checked before anything runs.
  var needs: [Role: EngineCapabilities] { get }
  /// How many sessions of each model a run may hold at once.
  var sessions: [Role: Int] { get }

  init()

  /// Settings under the names that the paper's own code has for them, by the names they have here.
  static func translate(_ settings: [String: Setting]) throws(ReasoningError) -> [String: Setting]

  /// Throws `invalidSetting`, naming the first setting that makes no sense.
  func validate() throws(ReasoningError)

  /// Grows the run's chain until it is concluded.
  func reason(in run: inout ReasoningRun) async throws
}

/// What `tandem strategies` says about a strategy.
public struct StrategyDescription: Sendable, Hashable, Codable {
  /// One sentence.
  public let summary: String
  /// Title and arXiv number; nil for baselines.
  public let paper: String?
  /// A sentence for each setting, by its name.
  public let settings: [String: String]
  /// How well it is tested, and where.
  public let tested: String

  public init(summary: String, paper: String?, settings: [String: String], tested: String) {
    self.summary = summary
    self.paper = paper
    self.settings = settings
    self.tested = tested
  }
}

extension Strategy {
  public static func translate(_ settings: [String: Setting]) throws(ReasoningError) -> [String: Setting] { settings }

  public var needs: [Role: EngineCapabilities] { Self.requirements }
  public var sessions: [Role: Int] { needs.mapValues { _ in 1 } }

  /// The most texts that a run may write at once: an engine has room for 256 (LLAMA_MAX_SEQ), one of them the chain's.
  static var mostAtOnce: Int { 255 }

  public func validate() throws(ReasoningError) {}
}
