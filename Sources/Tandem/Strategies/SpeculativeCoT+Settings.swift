public import TandemInference

extension SpeculativeCoT {
  public static let name = "speculative-cot"
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork], .large: []]
  public static let about = StrategyDescription(
    summary: "The small model drafts N chains of thought; the large one picks one, or thinks itself.",
    paper: "Efficient Reasoning for LLMs through Speculative Chain-of-Thought, arXiv:2504.19095",
    settings: [
      "drafts": "n: how many drafts, 1 to 8", "draftTokens": "most tokens of a draft",
      "draftTemperature": "temperature of the drafts, without top-p or top-k",
      "largeTemperature": "temperature of the large model; 0 is greedy",
      "selection": "labels (paper), mean-token, worst-token, own-likelihood or shortest",
      "mayReject": "whether all drafts can be rejected",
      "threshold": "ln p below which the best draft is rejected, for the likelihood selectors; -1000 is never",
      "order": "of the drafts in the prompt: drawn, reversed or shuffled",
      "answersDrafts": "let the small model answer every draft, for baselines on the same drafts",
      "assistantMarker": "what stands before the question for a number",
    ],
    tested: "golden template and transcripts; on the nano pair, with and without tuned adapters")

  public var needs: [Role: EngineCapabilities] {
    let judges: EngineCapabilities = [.labels, .meanToken, .worstToken].contains(selection) ? [.score] : []
    let own: EngineCapabilities = selection == .ownLikelihood ? [.score] : []
    return [.small: own.union(drafts > 1 ? .fork : []), .large: judges]
  }

  public var sessions: [Role: Int] {
    // The labels are asked for in a session of their own.
    [.small: drafts, .large: selection == .labels ? 2 : 1]
  }

  public func validate() throws(ReasoningError) {
    // The labels are single digits: n + 1 is at most 9.
    guard (1...8).contains(drafts) else {
      throw .invalidSetting(name: "drafts", reason: "must be 1 to 8, not \(drafts)")
    }
    guard draftTokens > 0 else {
      throw .invalidSetting(name: "draftTokens", reason: "must be at least 1, not \(draftTokens)")
    }
    for (name, value) in [("draftTemperature", draftTemperature), ("largeTemperature", largeTemperature)] {
      guard value >= 0, value.isFinite else {
        throw .invalidSetting(name: name, reason: "must be 0 or more, not \(value)")
      }
    }
    guard threshold <= 0 else {
      throw .invalidSetting(name: "threshold", reason: "is an ln p, at most 0, not \(threshold)")
    }
    guard threshold == Self().threshold || (mayReject && ![.labels, .shortest].contains(selection)) else {
      throw .invalidSetting(name: "threshold", reason: "has no effect with selection \(selection.rawValue)")
    }
  }
}

extension Reason {
  /// A draft that was not chosen.
  public static let notChosen = Self(rawValue: "not chosen")
  /// No draft was good enough.
  public static let allWrong = Self(rawValue: "all wrong")
}

extension Phase {
  public static let draft = Self(rawValue: "draft")
  public static let selection = Self(rawValue: "selection")
  public static let rethinking = Self(rawValue: "rethinking")
  public static let answer = Self(rawValue: "answer")
}
