public import TandemInference

extension EarlyExit {
  public static let name = "early-exit"
  public static let about = StrategyDescription(
    summary: "One model that stops thinking where it is confident of a trial answer.",
    paper: "Dynamic Early Exit in Reasoning Models (DEER), arXiv:2504.15895",
    settings: [
      "role": "which model: small or large",
      "threshold": "λ: the confidence above which the thinking ends; 1 or more is never",
      "words": "the words before which an answer is tried (paper: Wait, or Alternatively)",
      "trialPlace": "thinking (paper) or answer (after a forced end of thinking)",
      "trialText": "what a trial goes on from", "trialTokens": "most tokens of a trial",
      "trialEnds": "texts that end a trial", "trialTemperature": "0 is greedy; the released code has 1",
      "maximumTrials": "how many trials there may be",
      "confidence": "mean (paper), geometric or least, of the probabilities of a trial's tokens",
      "skippedTokens": "how many tokens of a trial don't count at its beginning",
      "needsEnd": "whether a trial has to end by itself (paper: for Qwen3)",
    ], tested: "golden confidences and transcripts; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: [.logits, .fork]]

  public var needs: [Role: EngineCapabilities] { [role: threshold < 1 ? [.logits, .fork] : []] }
  public var sessions: [Role: Int] { [role: threshold < 1 ? 2 : 1] }

  public func validate() throws(ReasoningError) {
    guard threshold >= 0 else {
      throw .invalidSetting(name: "threshold", reason: "must be 0 or more, not \(threshold)")
    }
    guard trialTokens > 0 else {
      throw .invalidSetting(name: "trialTokens", reason: "must be at least 1, not \(trialTokens)")
    }
    for (name, value) in [("maximumTrials", maximumTrials), ("skippedTokens", skippedTokens)] where value < 0 {
      throw .invalidSetting(name: name, reason: "must be 0 or more, not \(value)")
    }
    guard trialTemperature >= 0, trialTemperature.isFinite else {
      throw .invalidSetting(name: "trialTemperature", reason: "must be 0 or more, not \(trialTemperature)")
    }
    for (name, texts) in [("words", words), ("trialEnds", trialEnds)] where texts.contains("") {
      throw .invalidSetting(name: name, reason: "must not contain an empty text")
    }
    guard !words.isEmpty else {
      throw .invalidSetting(name: "words", reason: "must have at least one word")
    }
  }
}
