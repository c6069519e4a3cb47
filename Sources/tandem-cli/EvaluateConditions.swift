import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemLlama
import TandemModels

/// What all rows of a run have in common, put together from a plan's draft, flags and the preset.
struct PlanConditions {
  private let draft: PlanDraft
  private let preset: Preset?
  private let models: ModelOptions
  private let sampling: SamplingOptions
  private let parallel: Int?

  init(
    _ draft: PlanDraft, _ preset: Preset?, _ models: ModelOptions, _ sampling: SamplingOptions, parallel: Int?
  ) {
    (self.draft, self.preset, self.models, self.sampling, self.parallel) = (draft, preset, models, sampling, parallel)
  }

  func make(for rows: [Plan.Row]) throws -> Plan.Conditions {
    var roles = Set(try rows.flatMap { try Strategies.make($0.strategy, settings: $0.settings).needs.keys })
    if rows.contains(where: { $0.large?.draft?.needsSmall == true }) { roles.insert(.small) }
    let small = try model(.small, roles, draft.small ?? preset?.small.description)
    let large = try model(.large, roles, draft.large ?? preset?.large.description)
    let contextSize = try contextSize([small, large].compactMap(\.self))
    // A flag that has its default may not have been given: the plan comes before it.
    return Plan.Conditions(
      small: small, large: large, sampling: try samplingParameters(), budget: budget(contextSize),
      contextSize: contextSize,
      extendsContext: models.extendContext || draft.extendsContext ?? false ? true : nil,
      thinkingFormat: try thinkingFormat(),
      parallel: parallel ?? draft.parallel ?? 4, threads: models.threads != 1 ? models.threads : draft.threads ?? 1,
      gpuLayers: models.gpuLayers != -1 ? models.gpuLayers : draft.gpuLayers ?? -1,
      flashAttention: try flashAttention(), isDeterministic: models.deterministic || draft.deterministic ?? false)
  }

  /// A model as it can be found again from anywhere.
  private func model(_ role: Role, _ roles: Set<Role>, _ name: String?) throws -> String? {
    guard roles.contains(role) else { return nil }
    guard let name else {
      throw ValidationError("A strategy needs a \(role.rawValue) model: --\(role.rawValue) MODEL, or --preset.")
    }
    let reference = try ModelReference(parsing: name)
    let url = try ModelStore().url(of: reference)
    if case .file = reference { return url.standardizedFileURL.path }
    return reference.description
  }

  private func contextSize(_ models: [String]) throws -> Int {
    let trained = try models.map { name in
      max(try GGUFFile(path: try ModelStore().url(of: ModelReference(parsing: name)).path).trainedContext, 8)
    }
    return self.models.ctxSize ?? draft.contextSize ?? min(preset?.contextSize ?? 8192, trained.min() ?? 8192)
  }

  private func samplingParameters() throws -> SamplingParameters {
    var parameters = try sampling.parameters(preset)
    let planned = draft.sampling
    parameters.temperature = sampling.temp ?? planned?.temperature ?? parameters.temperature
    parameters.topK = sampling.topK ?? planned?.topK ?? parameters.topK
    parameters.topP = sampling.topP ?? planned?.topP ?? parameters.topP
    parameters.minP = sampling.minP ?? planned?.minP ?? parameters.minP
    parameters.repetitionPenalty =
      sampling.repeatPenalty ?? planned?.repetitionPenalty ?? parameters.repetitionPenalty
    try parameters.validate()
    return parameters
  }

  private func budget(_ contextSize: Int) -> Budget {
    var options = sampling
    options.reasoningBudget = sampling.reasoningBudget ?? draft.limits?.thinkingTokens
    options.predict = sampling.predict ?? draft.limits?.answerTokens
    options.deadline = sampling.deadline ?? draft.limits?.seconds
    options.landingTokens = sampling.landingTokens ?? draft.limits?.landingTokens
    options.landingText = sampling.landingText ?? draft.limits?.landingText
    options.answerPrefix = sampling.answerPrefix ?? draft.limits?.answerPrefix
    if sampling.whenSpent == .answer { options.whenSpent = draft.limits?.whenSpent ?? .answer }
    return options.budget(preset, contextSize: contextSize)
  }

  private func thinkingFormat() throws -> String? {
    if let format = try models.format() { return format.name }
    guard let name = draft.thinkingFormat, name != "auto" else { return nil }
    return try ModelOptions.parse(["--thinking-format", name]).format()?.name
  }

  private func flashAttention() throws -> String {
    if models.flashAttn != .automatic { return models.flashAttn.rawValue }
    let name = draft.flashAttention ?? LlamaParameters.FlashAttention.automatic.rawValue
    guard LlamaParameters.FlashAttention(rawValue: name) != nil else {
      throw ValidationError("flashAttention can be auto, on or off, not \(name).")
    }
    return name
  }
}

extension Plan.Conditions {
  /// The models, loaded for as many runs at once as the plan has.
  func loadPair(for plan: Plan) async throws -> Pair {
    var arguments = ["--ctx-size", "\(contextSize)", "--threads", "\(threads)", "--gpu-layers=\(gpuLayers)"]
    arguments += ["--flash-attn", flashAttention] + (isDeterministic ? ["--deterministic"] : [])
    arguments += extendsContext == true ? ["--extend-context"] : []
    arguments += (small.map { ["--small", $0] } ?? []) + (large.map { ["--large", $0] } ?? [])
    return try await Pair.load(
      ModelOptions.parse(arguments), for: plan.rows.map { try plan.strategy(of: $0) }, runs: parallel,
      draftsSmall: plan.rows.contains { $0.large?.draft?.needsSmall == true })
  }

  func solver(_ pair: Pair) throws -> Solver {
    let format = ReasoningFormat.known.first { $0.name == thinkingFormat }
    func participant(_ engine: LlamaEngine?) -> Participant? {
      engine.map { Participant($0, format: format, sampling: sampling) }
    }
    return Solver(small: participant(pair.small), large: participant(pair.large), budget: budget)
  }
}

extension ModelOptions {
  /// Whether no flag changes anything.
  var isDefault: Bool {
    preset == nil && small == nil && large == nil && ctxSize == nil && !extendContext && threads == 1 && gpuLayers == -1
      && flashAttn == .automatic && !deterministic && thinkingFormat == "auto"
  }
}

extension SamplingOptions {
  /// Whether no flag changes anything.
  var isDefault: Bool {
    let numbers = [temp, topP, minP, repeatPenalty].compactMap(\.self).count
    return numbers == 0 && topK == nil && seed == 0 && reasoningBudget == nil && predict == nil && deadline == nil
      && whenSpent == .answer && landingTokens == nil && landingText == nil && answerPrefix == nil
  }
}
