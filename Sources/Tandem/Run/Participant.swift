public import TandemInference

/// A model, and how it is to be used in one role.
public struct Participant: Sendable {
  public var model: any LanguageModel
  /// How it marks its thinking; found from its template and vocabulary unless given.
  public var format: ReasoningFormat
  public var sampling: SamplingParameters
  /// Temperature on the end of its thinking; off unless given.
  public var stopTemperature: StopTemperature
  public var adapter: Adapter?
  /// On instead of `adapter` while it thinks, such as a control vector that steers thinking; nil is the same all along.
  /// The answer is then written by a session that reads the chain anew, which is counted as reevaluated. A model that
  /// does not mark its thinking has it on all along.
  ///
  /// SEAL (arXiv:2504.07986, Sec. 3) adds its vector at blank lines only; an engine's control vector acts on every token
  /// that is read or written while the adapter is on, the prompt included. llama.cpp has one vector for all rows of a
  /// pass, and builds its graphs anew after each change of it: on at a blank line and off after it cost the nano pair as
  /// much as three to eight tokens a thought. What another model wrote would have to be cut at its blank lines too, and
  /// sessions that think would not share passes. So it stays on.
  public var thinkingAdapter: Adapter?
  /// On instead of `adapter` while it chooses among drafts (SCoT, arXiv:2504.19095, Sec. 3.3).
  public var selector: Adapter?
  /// Switches of its chat template, such as Qwen3's `enable_thinking`.
  public var templateVariables: [String: TemplateVariable]

  public init(
    _ model: any LanguageModel, format: ReasoningFormat? = nil, sampling: SamplingParameters = .init(),
    stopTemperature: StopTemperature = .off, adapter: Adapter? = nil, thinkingAdapter: Adapter? = nil,
    selector: Adapter? = nil, templateVariables: [String: TemplateVariable] = [:]
  ) {
    self.model = model
    self.format = format ?? .detect(template: model.template, tokenizer: model.tokenizer)
    self.sampling = sampling
    self.stopTemperature = stopTemperature
    self.adapter = adapter
    self.thinkingAdapter = thinkingAdapter
    self.selector = selector
    self.templateVariables = templateVariables
  }
}
