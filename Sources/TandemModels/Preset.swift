import TandemSupport

/// A pair of models that belong together, and how they are meant to be used.
public struct Preset: Sendable, Hashable, Codable {
  public var name: String
  public var summary: String
  public var small: ModelReference
  public var large: ModelReference
  /// The name of the strategy, and its settings under the names that its JSON has.
  public var strategy: String
  public var settings: [String: PresetValue]
  public var sampling: Sampling
  /// Tokens of prompt and answer together.
  public var contextSize: Int
  /// Tokens of thinking; nil leaves it to the context.
  public var thinkingBudget: Int?
  /// Whether this pair was run by this project on the machine that the README names.
  public var tested: Bool
  /// What to expect of it, and what not.
  public var note: String

  /// How tokens are drawn, for both models alike.
  public struct Sampling: Sendable, Hashable, Codable {
    public var temperature: Double
    public var topP: Double
    /// 0 keeps all.
    public var topK: Int

    public init(temperature: Double, topP: Double, topK: Int) {
      self.temperature = temperature
      self.topP = topP
      self.topK = topK
    }
  }

  /// Throws `unknownPreset`, with the nearest known name.
  public static func named(_ name: String) throws(ModelError) -> Preset {
    guard let preset = all.first(where: { $0.name == name }) else {
      let known = all.map(\.name)
      throw .unknownPreset(name: name, nearest: known.nearest(to: name), known: known)
    }
    return preset
  }
}
