public import TandemInference

/// A model, and how it is to be used in one role.
public struct Participant: Sendable {
  public var model: any LanguageModel
  /// How it marks its thinking; found from its template and vocabulary unless given.
  public var format: ReasoningFormat
  public var sampling: SamplingParameters
  public var adapter: Adapter?
  /// Switches of its chat template, such as Qwen3's `enable_thinking`.
  public var templateVariables: [String: TemplateVariable]

  public init(
    _ model: any LanguageModel, format: ReasoningFormat? = nil, sampling: SamplingParameters = .init(),
    adapter: Adapter? = nil, templateVariables: [String: TemplateVariable] = [:]
  ) {
    self.model = model
    self.format = format ?? .detect(template: model.template, tokenizer: model.tokenizer)
    self.sampling = sampling
    self.adapter = adapter
    self.templateVariables = templateVariables
  }
}
