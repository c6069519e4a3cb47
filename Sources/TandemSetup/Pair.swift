public import Tandem
public import TandemInference
public import TandemModels

/// The models of a run, loaded. A file that both roles name is loaded once.
public struct Pair: Sendable {
  /// The small model; nil where none is needed.
  public var small: (any LanguageModel)?
  /// The large model, likewise.
  public var large: (any LanguageModel)?

  /// A pair of models that are loaded already.
  public init(small: (any LanguageModel)? = nil, large: (any LanguageModel)? = nil) {
    self.small = small
    self.large = large
  }

  /// How many sequences of one model an engine can have.
  private static let mostSequences = 256

  /// Loads the models of `conditions` that are needed, with a sequence for all that may be written at once.
  ///
  /// Throws `SetupError` if a model is missing or too many sequences are needed, `ModelError` for a model that can't be
  /// found, and whatever the loader throws.
  public static func load(
    _ conditions: RunConditions, for needs: PairNeeds, store: ModelStore = ModelStore(), with loader: EngineLoader
  ) async throws -> Pair {
    func setup(_ role: Role) throws -> ModelSetup? {
      guard let sequences = needs.sequences[role] else { return nil }
      guard let name = conditions.model(role) else { throw SetupError.modelMissing(role: role) }
      let url = try store.url(of: ModelReference(parsing: name))
      return ModelSetup(url, conditions, sequences: conditions.parallel * sequences)
    }
    func load(_ setup: ModelSetup?) async throws -> (any LanguageModel)? {
      guard let setup else { return nil }
      // An engine would say so too, but not what the number is made of.
      guard setup.sequences <= mostSequences else {
        throw SetupError.tooManySequences(needed: setup.sequences, most: mostSequences)
      }
      return try await loader.load(setup)
    }
    let (small, large) = (try setup(.small), try setup(.large))
    if var both = small, let large, both.url == large.url {
      both.sequences += large.sequences
      let model = try await load(both)
      return Pair(small: model, large: model)
    }
    async let first = load(small)
    async let second = load(large)
    return try await Pair(small: first, large: second)
  }

  /// The solver over this pair, under the conditions for which it was loaded.
  public func solver(_ conditions: RunConditions) -> Solver {
    func participant(_ model: (any LanguageModel)?) -> Participant? {
      model.map { Participant($0, format: conditions.thinkingFormat, sampling: conditions.sampling) }
    }
    return Solver(small: participant(small), large: participant(large), budget: conditions.budget)
  }
}
