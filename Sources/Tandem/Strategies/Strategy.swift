public import TandemInference

/// A way for two models to reason about one problem together.
///
/// A strategy is its settings and nothing else; all state that changes is in the run. It asks the run for passages and
/// decides what becomes of them. It handles neither tokens nor caches nor JSON.
public protocol Strategy: Sendable, Codable, Hashable {
  /// The name on the command line and in files: lower case, with hyphens.
  static var name: String { get }
  /// What the strategy does and where it comes from.
  static var about: StrategyDescription { get }
  /// The declaration of each stored property.
  static var settings: [SettingSpec<Self>] { get }
  /// What the models of each role must be able to do, as far as that does not depend on the settings.
  static var requirements: [Role: EngineCapabilities] { get }
  /// What they must be able to do with these settings; checked before anything runs.
  var needs: [Role: EngineCapabilities] { get }
  /// The most sessions of each model that a run may hold at once.
  var sessions: [Role: Int] { get }

  /// Among how many texts of the same beginning the tokens that a run samples are divided, by role: drafts, or votes. One of
  /// each model unless it says otherwise.
  var tries: [Role: Int] { get }

  /// What the strategy puts into the window of each model besides the prompt, the thinking and the answer, with these
  /// settings. `run` has its prompts, and nothing written.
  func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed]

  /// The strategy with its default settings.
  init()

  /// Replaces keys of the paper's configuration files that `SettingSpec.key` cannot express. Needed by few strategies.
  static func readPaperFile(_ settings: [String: Setting]) throws(ReasoningError) -> [String: Setting]

  /// Throws `invalidSetting` if settings that are accepted one by one do not go together.
  func validateCombination() throws(ReasoningError)

  /// Grows the run's chain until it is concluded.
  func reason(in run: inout ReasoningRun) async throws
}

/// What a strategy does and where it comes from.
public struct StrategyDescription: Sendable, Hashable, Codable {
  /// One sentence.
  public let summary: String
  /// Title and arXiv number; nil for baselines.
  public let paper: String?
  /// How the strategy is tested, and with which models.
  public let tested: String

  /// Describes a strategy.
  public init(summary: String, paper: String? = nil, tested: String) {
    self.summary = summary
    self.paper = paper
    self.tested = tested
  }
}

extension Strategy {
  /// The settings as they are.
  public static func readPaperFile(_ settings: [String: Setting]) throws(ReasoningError) -> [String: Setting] {
    settings
  }

  /// Accepts everything.
  public func validateCombination() throws(ReasoningError) {}

  /// The strategy's `requirements`.
  public var needs: [Role: EngineCapabilities] { Self.requirements }
  /// One session of each model.
  public var sessions: [Role: Int] { needs.mapValues { _ in 1 } }

  /// One of each model that it needs.
  public var tries: [Role: Int] { needs.mapValues { _ in 1 } }

  /// Nothing.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] { [:] }

  /// The most texts that a run may write at once: an engine has room for 256 (LLAMA_MAX_SEQ), one of them the chain's.
  static var mostAtOnce: Int { 255 }
}
