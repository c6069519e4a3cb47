import Foundation
public import Tandem
public import TandemInference
public import TandemModels

/// How a run uses one of its models, beside the conditions that all runs share: what a method adds to a model, such as an
/// adapter that was trained for it. Every field is optional; nil leaves the model as it is.
public struct RoleSettings: Sendable, Hashable, Codable {
  /// T on the end of its thinking; 1 is off. See `StopTemperature`.
  public var stopTemperature: Float?
  /// How the logit of the end is divided by T.
  public var stopMeasure: StopTemperature.Measure?
  /// A GGUF file with a LoRA adapter, or its name at the server that runs the model.
  public var lora: String?
  /// The adapter's scale; 1 if it is not given.
  public var loraScale: Float?
  /// A LoRA that is on while the model chooses among drafts, instead of `lora`.
  public var selector: String?
  /// A GGUF file with a control vector that is on while the model thinks, and off while it answers. See
  /// `Participant.thinkingAdapter` for what that costs.
  public var controlVector: String?
  /// The vector's scale; 1 if it is not given.
  public var controlVectorScale: Float?
  /// What guesses its tokens ahead. No token depends on it: see `SpeculativeDecoding`.
  public var draft: Draft?
  /// The most tokens of a guess; 4 if it is not given.
  public var draftMax: Int?
  /// A GGUF file with a small model after training, whose difference to `guideBase` is added to this model's logits: see
  /// `LogitArithmetic`.
  public var guide: String?
  /// The file with that small model before training.
  public var guideBase: String?
  /// How much of the difference is added; 1 if it is not given, and 0 leaves the model alone.
  public var guideAlpha: Float?

  /// What guesses tokens ahead.
  public enum Draft: String, Sendable, Codable, CaseIterable {
    /// n-grams of the text so far.
    case lookup
    /// The pair's small model; for the large one only.
    case small
    /// The same, its own tokens guessed by n-grams (the vertical cascade of arXiv:2312.11462).
    case cascade

    /// Whether the pair's small model guesses.
    public var needsSmall: Bool { self != .lookup }
  }

  /// The names of the fields in files.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case stopTemperature, stopMeasure, lora, loraScale, selector, controlVector, controlVectorScale, draft, draftMax
    case guide, guideBase, guideAlpha
  }

  /// The model as it is, except for what is given here.
  public init(
    stopTemperature: Float? = nil, stopMeasure: StopTemperature.Measure? = nil, lora: String? = nil,
    loraScale: Float? = nil, selector: String? = nil, controlVector: String? = nil,
    controlVectorScale: Float? = nil, draft: Draft? = nil, draftMax: Int? = nil, guide: String? = nil,
    guideBase: String? = nil, guideAlpha: Float? = nil
  ) {
    self.stopTemperature = stopTemperature
    self.stopMeasure = stopMeasure
    self.lora = lora
    self.loraScale = loraScale
    self.selector = selector
    self.controlVector = controlVector
    self.controlVectorScale = controlVectorScale
    self.draft = draft
    self.draftMax = draftMax
    self.guide = guide
    self.guideBase = guideBase
    self.guideAlpha = guideAlpha
  }

  /// Throws `SetupError.invalidOption`, naming the first field whose value makes no sense.
  public func validate() throws(SetupError) {
    for (name, scale) in [("loraScale", loraScale), ("controlVectorScale", controlVectorScale)] {
      if let scale, !scale.isFinite { throw .invalidOption(name: name, reason: "must be a number, not \(scale)") }
    }
    if let draftMax, !(1...64).contains(draftMax) {
      throw .invalidOption(name: "draftMax", reason: "must be from 1 to 64, not \(draftMax)")
    }
    try validateGuide()
  }

  /// The same with the names of its files as paths that are found from any folder.
  ///
  /// - Parameters:
  ///   - store: Where models are looked for.
  ///   - isOnServer: Whether a server runs the model: then its LoRA adapters are named as the server names them.
  ///
  /// Throws `ModelError` for a file that is not there, and `SetupError.invalidOption` for what a model on a server can't
  /// have.
  public func located(in store: ModelStore = ModelStore(), isOnServer: Bool = false) throws -> Self {
    func path(_ name: String?) throws(ModelError) -> String? {
      guard let name else { return nil }
      return try store.url(of: ModelReference(parsing: name)).standardizedFileURL.path
    }
    var located = self
    if !isOnServer {
      located.lora = try path(lora)
      located.selector = try path(selector)
    } else if guide != nil {
      throw SetupError.invalidOption(
        name: "guide", reason: "can't steer a model that a server runs: it needs all logits")
    }
    located.controlVector = try path(controlVector)
    located.guide = try path(guide)
    located.guideBase = try path(guideBase)
    return located
  }
}

extension Participant {
  /// The same model, used in the way of `settings`.
  ///
  /// - Parameters:
  ///   - small: The pair's small model, which may have to guess for this one.
  ///   - guides: The loaded models that may steer it, by the paths of their files.
  ///   - recording: Records what is rejected of the small model's guesses.
  ///
  /// Throws `EngineError` where the model can't be speculated or steered so.
  public func with(
    _ settings: RoleSettings?, small: Participant? = nil, guides: [String: any LanguageModel] = [:],
    recording: DraftRecording? = nil
  ) throws(EngineError) -> Self {
    guard let settings else { return self }
    var participant = self
    participant.model = try settings.guided(model, by: guides)
    if let temperature = settings.stopTemperature { participant.stopTemperature.temperature = temperature }
    if let measure = settings.stopMeasure { participant.stopTemperature.measure = measure }
    if let lora = settings.lora {
      participant.adapter = Adapter(lora: [.init(path: lora, scale: settings.loraScale ?? 1)])
    }
    if let selector = settings.selector { participant.selector = Adapter(lora: [.init(path: selector)]) }
    if let vector = settings.controlVector {
      var adapter = participant.adapter ?? Adapter()
      adapter.controlVectorFiles.append(.init(path: vector, scale: settings.controlVectorScale ?? 1))
      participant.thinkingAdapter = adapter
    }
    if let draft = settings.draft {
      let guesser = try draft.guesser(length: settings.draftMax ?? 4, small: small?.model)
      participant.model = try SpeculativeDecoding(
        draft: guesser, target: participant.model, recording: draft.needsSmall ? recording : nil)
    }
    return participant
  }
}

extension RoleSettings.Draft {
  /// Who guesses at most `length` tokens at once.
  ///
  /// Throws `invalidParameter` where the small model is to guess and there is none, or is to guess for itself.
  fileprivate func guesser(
    length: Int, small: (any LanguageModel)?
  ) throws(EngineError) -> SpeculativeDecoding.Draft {
    let lookup = SpeculativeDecoding.Draft.lookup(NGramLookup(match: 3...4, length: length))
    guard needsSmall else { return lookup }
    guard let small else {
      throw .invalidParameter(
        name: "draft", reason: "\(rawValue) is for the large model of a pair that has a small one")
    }
    let drafter = self == .cascade ? try SpeculativeDecoding(draft: lookup, target: small) : small
    return .model(drafter, DraftLength(length))
  }
}

extension Solver {
  /// The solver for models that are used in their own way.
  ///
  /// - Parameter guides: The loaded models that may steer them: see `Pair.guides`.
  public func with(
    small settings: RoleSettings?, large largeSettings: RoleSettings?, guides: [String: any LanguageModel] = [:]
  ) throws(EngineError) -> Self {
    var solver = self
    // The draft is the small model as it is, without what a method adds to it.
    if let small { solver.small = try small.with(settings, guides: guides) }
    if let large {
      solver.large = try large.with(largeSettings, small: small, guides: guides, recording: recording)
    }
    return solver
  }
}
