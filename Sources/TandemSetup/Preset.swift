public import Tandem
import TandemSupport

/// A pair of models that belong together, and how they are meant to be used.
public struct Preset: Sendable {
  /// As on the command line.
  public var name: String
  /// The pair, in one line.
  public var summary: String
  /// Both models, and how they are run; all else is left to the defaults.
  public var options: RunOptions
  /// The strategy for this pair, with its settings.
  public var strategy: any Strategy
  /// Whether this project ran the pair on the machine that the README names.
  public var isTested: Bool
  /// What to expect of it, and what not.
  public var note: String

  /// Throws `unknownPreset`, with the nearest known name.
  public static func named(_ name: String) throws(SetupError) -> Preset {
    guard let preset = all.first(where: { $0.name == name }) else {
      let known = all.map(\.name)
      throw .unknownPreset(name: name, nearest: known.nearest(to: name), known: known)
    }
    return preset
  }

  /// The settings of the strategy called `name` that are not its defaults; none for another strategy than the preset's.
  package func settings(of name: String) -> [String: Setting] {
    let type = type(of: strategy)
    guard type.name == name else { return [:] }
    let defaults = Strategies.settings(of: type.init())
    return Strategies.settings(of: strategy).filter { defaults[$0.key] != $0.value }
  }
}

extension Strategies {
  /// A strategy of a run: the preset's, or the one called `name`.
  ///
  /// - Parameters:
  ///   - name: nil for the preset's strategy, or Speculative Thinking.
  ///   - layers: Settings under our names or the paper's; later layers override earlier ones, and all of them the
  ///     preset's, which apply to the preset's own strategy only.
  ///
  /// Throws `ReasoningError` for unknown names and invalid values.
  public static func make(
    _ name: String?, settings layers: [[String: Setting]], preset: Preset?
  ) throws -> any Strategy {
    let name = name ?? preset?.strategyName ?? SpeculativeThinking.name
    let type = try named(name)
    var settings = preset?.settings(of: name) ?? [:]
    for layer in layers { settings.merge(try type.translate(layer)) { $1 } }
    return try make(name, settings: settings)
  }
}

extension Preset {
  /// The name of its strategy.
  public var strategyName: String { type(of: strategy).name }
}
