import Tandem
import TandemInference
import TandemModels

// ThinkLogit (arXiv:2507.12759): a model steered by what training changed in a small one.
extension RoleSettings {
  /// The names of the models that steer this one.
  package var guides: Set<String> { Set([guide, guideBase].compactMap(\.self)) }

  /// Throws `SetupError.invalidOption` for a guide that could steer no model.
  func validateGuide() throws(SetupError) {
    if guide != nil, guideBase == nil {
      throw .invalidOption(name: "guide", reason: "needs its base, the same small model before training")
    }
    for (name, value) in [("guideBase", guideBase), ("guideAlpha", guideAlpha.map { "\($0)" })] {
      if guide == nil, value != nil { throw .invalidOption(name: name, reason: "has no effect without a guide") }
    }
    if let guideAlpha, !guideAlpha.isFinite {
      throw .invalidOption(name: "guideAlpha", reason: "must be a number, not \(guideAlpha)")
    }
    for (name, file) in [("guide", guide), ("guideBase", guideBase)] {
      guard let file, ModelReference.isServer(file) else { continue }
      throw .invalidOption(name: name, reason: "must be a file, not \(file): a server does not return all logits")
    }
    if let guide, guide == guideBase {
      throw .invalidOption(name: "guideBase", reason: "is the guide itself, \(guide): the difference would be 0")
    }
    if guide != nil, draft != nil {
      throw .invalidOption(
        name: "draft", reason: "can't guess the tokens of a model that has a guide: each of them needs a sum of logits")
    }
  }

  /// `model`, steered as these settings say by the loaded models of `guides`.
  ///
  /// Throws `EngineError.invalidParameter` for vocabularies that differ, and for a guide that is not loaded.
  func guided(
    _ model: any LanguageModel, by guides: [String: any LanguageModel]
  ) throws(EngineError) -> any LanguageModel {
    guard let guide, let guideBase else { return model }
    func loaded(_ name: String, _ path: String) throws(EngineError) -> any LanguageModel {
      guard let model = guides[path] else { throw .invalidParameter(name: name, reason: "\(path) is not loaded") }
      return model
    }
    return try LogitArithmetic(
      target: model, guider: loaded("guide", guide), base: loaded("guideBase", guideBase), alpha: guideAlpha ?? 1)
  }
}

extension [Role: Set<String>] {
  /// The models that steer those of `uses`, by the role of the model that is steered.
  package init(guiding uses: [(small: RoleSettings?, large: RoleSettings?)]) {
    self = [:]
    for use in uses {
      for (role, settings) in [(Role.small, use.small), (.large, use.large)] {
        if let names = settings?.guides, !names.isEmpty { self[role, default: []].formUnion(names) }
      }
    }
  }
}
