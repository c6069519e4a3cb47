public import TandemInference

/// A model, and how it is used in one role.
public struct Participant: Sendable {
  /// The model.
  public var model: any LanguageModel
  /// How it marks its thinking; detected from its template and vocabulary unless given.
  public var format: ReasoningFormat
  /// How its tokens are drawn.
  public var sampling: SamplingParameters
  /// The temperature of the end of its thinking; off unless given.
  public var stopTemperature: StopTemperature
  /// The adapter that is on while it writes.
  public var adapter: Adapter?
  /// The adapter that replaces `adapter` while it thinks, such as a control vector (SEAL, arXiv:2504.07986, Sec. 3);
  /// nil leaves `adapter` on. The answer is then written by a session that evaluates the chain again. A model that does
  /// not mark its thinking has the adapter on for its whole turn. docs/decisions/0015 says why it acts on every token,
  /// and not at blank lines only.
  public var thinkingAdapter: Adapter?
  /// The adapter that replaces `adapter` while it chooses among drafts (SCoT, arXiv:2504.19095, Sec. 3.3).
  public var selector: Adapter?
  /// Control tokens that are text to a reader of its answer, such as "[TOOL_CALLS]", which marks calls of tools; all others
  /// leave no text.
  public var shownControls: [String]
  /// Variables of its chat template, such as Qwen3's `enable_thinking`.
  public var templateVariables: [String: TemplateVariable]

  /// What the model must be able to do to be used so, and what that is for.
  var needs: [(capabilities: EngineCapabilities, purpose: String)] {
    let adapters = [adapter, thinkingAdapter, selector].compactMap(\.self).map(\.needs)
    return [
      (stopTemperature.needs, "temperature of the end of its thinking"),
      (adapters.reduce([]) { $0.union($1) }, "adapter"),
    ]
  }

  /// A model with its format detected, and without adapters unless given.
  public init(
    _ model: any LanguageModel, format: ReasoningFormat? = nil, sampling: SamplingParameters = .init(),
    stopTemperature: StopTemperature = .off, adapter: Adapter? = nil, thinkingAdapter: Adapter? = nil,
    selector: Adapter? = nil, shownControls: [String] = [], templateVariables: [String: TemplateVariable] = [:]
  ) {
    self.model = model
    self.format = format ?? .detect(template: model.template, tokenizer: model.tokenizer)
    self.sampling = sampling
    self.stopTemperature = stopTemperature
    self.adapter = adapter
    self.thinkingAdapter = thinkingAdapter
    self.selector = selector
    self.shownControls = shownControls
    self.templateVariables = templateVariables
  }
}
