extension RunOptions {
  /// These options, with those of `base` for whatever is not given.
  ///
  /// A preset names both models: one that is given here takes the place of the models of `base`.
  public func merging(over base: Self) -> Self {
    Self(
      preset: preset ?? base.preset,
      small: small ?? (preset == nil ? base.small : nil),
      large: large ?? (preset == nil ? base.large : nil),
      // A vocabulary is that of one model.
      smallTokenizer: smallTokenizer ?? (preset == nil && small == nil ? base.smallTokenizer : nil),
      largeTokenizer: largeTokenizer ?? (preset == nil && large == nil ? base.largeTokenizer : nil),
      servers: servers?.merging(over: base.servers ?? .init()) ?? base.servers,
      contextSize: contextSize ?? base.contextSize,
      extendsContext: extendsContext ?? base.extendsContext,
      thinkingFormat: thinkingFormat ?? base.thinkingFormat,
      parallel: parallel ?? base.parallel,
      threads: threads ?? base.threads,
      gpuLayers: gpuLayers ?? base.gpuLayers,
      flashAttention: flashAttention ?? base.flashAttention,
      cells: cells ?? base.cells,
      cacheTypeK: cacheTypeK ?? base.cacheTypeK,
      cacheTypeV: cacheTypeV ?? base.cacheTypeV,
      isDeterministic: isDeterministic ?? base.isDeterministic,
      sampling: sampling?.merging(over: base.sampling ?? .init()) ?? base.sampling,
      limits: limits?.merging(over: base.limits ?? .init()) ?? base.limits,
      seeds: seeds ?? base.seeds)
  }
}

extension RunOptions.Sampling {
  /// These, with those of `base` for whatever is not given.
  public func merging(over base: Self) -> Self {
    Self(
      temperature: temperature ?? base.temperature, topK: topK ?? base.topK, topP: topP ?? base.topP,
      minP: minP ?? base.minP, repetitionPenalty: repetitionPenalty ?? base.repetitionPenalty)
  }
}

extension RunOptions.Limits {
  /// These, with those of `base` for whatever is not given.
  public func merging(over base: Self) -> Self {
    Self(
      thinkingTokens: thinkingTokens ?? base.thinkingTokens, answerTokens: answerTokens ?? base.answerTokens,
      seconds: seconds ?? base.seconds, whenSpent: whenSpent ?? base.whenSpent,
      landingTokens: landingTokens ?? base.landingTokens, landingText: landingText ?? base.landingText,
      answerPrefix: answerPrefix ?? base.answerPrefix)
  }
}

extension RunOptions {
  /// The keys of the fields that are given, without their groups, such as "thinkingTokens".
  package var saidKeys: Set<String> {
    func keys(of value: Any) -> [String] {
      Mirror(reflecting: value).children.flatMap { child -> [String] in
        // A field that is not given is an optional without a value.
        guard let label = child.label, let value = Mirror(reflecting: child.value).children.first?.value else {
          return []
        }
        return value is Sampling || value is Limits || value is Servers ? keys(of: value) : [label]
      }
    }
    return Set(keys(of: self))
  }
}
