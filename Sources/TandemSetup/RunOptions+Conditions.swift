import Foundation
public import Tandem
public import TandemInference
public import TandemModels

extension RunOptions {
  /// The preset in force: the one that is given, or nano if no model is given.
  ///
  /// Throws `SetupError.unknownPreset`.
  public func chosenPreset() throws(SetupError) -> Preset? {
    if let preset { return try Preset.named(preset) }
    return small == nil && large == nil ? .nano : nil
  }

  /// These options, with the preset's for whatever is not given.
  ///
  /// Throws `SetupError.unknownPreset`.
  public func overPreset() throws(SetupError) -> Self {
    guard let base = try chosenPreset()?.options else { return self }
    var given = self
    given.preset = nil  // A preset takes the place of a lower layer's models, but these are its own.
    var all = given.merging(over: base)
    all.preset = preset ?? base.preset
    return all
  }

  /// The conditions that follow from these options, the preset's below them, and the models.
  ///
  /// - Parameters:
  ///   - roles: The models that are needed; see `PairNeeds`. Others are left out.
  ///   - store: Where the models are looked for.
  ///   - loader: Tells with how many tokens a model was trained.
  ///
  /// Throws `SetupError` for an invalid option or a needed model that is not given, and `ModelError` for a model that
  /// can't be found.
  public func conditions(
    for roles: Set<Role>, store: ModelStore = ModelStore(), loader: EngineLoader
  ) async throws -> RunConditions {
    try validate()
    let all = try overPreset()
    let small = try roles.contains(.small) ? store.location(of: all.small, for: .small) : nil
    let large = try roles.contains(.large) ? store.location(of: all.large, for: .large) : nil
    var conditions = RunConditions(
      small: small, large: large,
      smallTokenizer: try small.flatMap { try all.tokenizer(of: $0, .small, in: store) },
      largeTokenizer: try large.flatMap { try all.tokenizer(of: $0, .large, in: store) },
      contextSize: all.contextSize ?? 8192)
    // What a user says counts, even where a model can't have it: that is an error. A default gives way.
    for role in Role.allCases where self.contextSize == nil && roles.contains(role) {
      let facts = try await loader.inspect(conditions.source(role, in: store))
      conditions.contextSize = min(conditions.contextSize, max(facts.trainedContext, 8))
    }
    conditions.sampling = all.sampling?.parameters ?? .init()
    conditions.budget = (all.limits ?? .init()).budget(contextSize: conditions.contextSize)
    conditions.extendsContext = all.extendsContext == true ? true : nil
    conditions.thinkingFormat = all.thinkingFormat?.format
    conditions.parallel = all.parallel ?? conditions.parallel
    conditions.threads = all.threads ?? conditions.threads
    conditions.gpuLayers = all.gpuLayers ?? conditions.gpuLayers
    conditions.flashAttention = all.flashAttention ?? conditions.flashAttention
    conditions.cells = all.cells
    conditions.cacheTypeK = all.cacheTypeK == .f16 ? nil : all.cacheTypeK
    conditions.cacheTypeV = all.cacheTypeV == .f16 ? nil : all.cacheTypeV
    conditions.isDeterministic = all.isDeterministic ?? conditions.isDeterministic
    try conditions.sampling.validate()
    try RunOptions(conditions).validate()  // what was said of a cache in one layer may not go with what another says
    return conditions
  }
}

extension RunOptions {
  /// Whether a server runs the model of a role.
  package func isOnServer(_ role: Role) -> Bool {
    (role == .small ? small : large).map { ModelReference.isServer($0) } ?? false
  }

  /// The file with the vocabulary of a model that a server runs, as it is found from any folder: the one that is given,
  /// the other model's, or the other one's vocabulary. Nil for a model with a file of its own.
  ///
  /// Throws `SetupError.tokenizerMissing` if there is none, and `invalidOption` for one without effect.
  fileprivate func tokenizer(of model: String, _ role: Role, in store: ModelStore) throws -> String? {
    let (own, other) = role == .small ? (smallTokenizer, largeTokenizer) : (largeTokenizer, smallTokenizer)
    guard ModelReference.isServer(model) else {
      if own == nil { return nil }
      throw SetupError.invalidOption(
        name: "\(role.rawValue)Tokenizer", reason: "is for a model that a server runs, and \(model) is a file")
    }
    let file = isOnServer(role.other) ? nil : (role == .small ? large : small)
    guard let name = own ?? file ?? other else { throw SetupError.tokenizerMissing(role: role) }
    return try store.location(of: name, for: role)
  }
}

extension RunOptions.Sampling {
  /// The parameters, with the library's defaults for what is not said.
  public var parameters: SamplingParameters {
    var parameters = SamplingParameters()
    parameters.temperature = temperature ?? parameters.temperature
    parameters.topK = topK ?? parameters.topK
    parameters.topP = topP ?? parameters.topP
    parameters.minP = minP ?? parameters.minP
    parameters.repetitionPenalty = repetitionPenalty ?? parameters.repetitionPenalty
    return parameters
  }
}

extension RunOptions.Limits {
  /// How much of a window is for the prompt: an eighth of a small one, at most 1,024 tokens.
  static func promptRoom(contextSize: Int) -> Int { min(1024, contextSize / 8) }

  /// The budget within a window of `contextSize` tokens: what is not said is divided so that a prompt has room too.
  public func budget(contextSize: Int) -> Budget {
    let room = contextSize - Self.promptRoom(contextSize: contextSize)
    let answer = answerTokens ?? min(1024, room / 8)
    let thinking = thinkingTokens ?? max(0, min(4096, room - answer))
    return Budget(
      thinkingTokens: thinking, answerTokens: answerTokens ?? min(answer, max(1, room - thinking)), seconds: seconds,
      whenSpent: whenSpent ?? .answer, landingTokens: landingTokens ?? 0, landingText: landingText ?? "",
      answerPrefix: answerPrefix)
  }
}

extension ModelStore {
  /// A model's name as it is found again from any folder.
  fileprivate func location(of name: String?, for role: Role) throws -> String {
    guard let name else { throw SetupError.modelMissing(role: role) }
    let reference = try ModelReference(parsing: name)
    if case .server = reference { return reference.description }
    let url = try url(of: reference)
    if case .file = reference { return url.standardizedFileURL.path }
    return reference.description
  }
}
