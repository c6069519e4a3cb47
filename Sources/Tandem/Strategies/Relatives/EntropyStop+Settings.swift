public import TandemInference

extension EntropyStop {
  public static let name = "entropy-stop"
  public static let about = StrategyDescription(
    summary: "One model that stops thinking where the answers it would give agree.",
    paper: "Think or Not? Exploring Thinking Efficiency in Large Reasoning Models, arXiv:2505.18237",
    settings: [
      "role": "which model: small or large",
      "ratio": "α: the thinking ends below α / (e ln 2) bits for each candidate (paper: 0.3); 0 is never",
      "paragraphCharacters": "least characters between two looks at the answers",
      "options": "the answers of a multiple choice, one token each (\" A\", \" B\"); empty where answers are free",
      "optionText": "what stands before an option; {question} is the problem",
      "candidates": "how many free answers are drawn", "candidateTokens": "most tokens of one",
      "candidateText": "what stands before one; {question} is the problem",
      "candidateEnds": "texts that complete one; so does the end of the turn",
    ], tested: "golden entropies and transcripts; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: [.logits, .fork]]

  public var needs: [Role: EngineCapabilities] { [role: ratio > 0 ? [.logits, .fork] : []] }
  public var sessions: [Role: Int] { [role: ratio > 0 ? (options.isEmpty ? candidates : 1) + 1 : 1] }

  public func validate() throws(ReasoningError) {
    guard ratio >= 0, ratio.isFinite else {
      throw .invalidSetting(name: "ratio", reason: "must be 0 or more, not \(ratio)")
    }
    guard (1...Self.mostAtOnce).contains(candidates) else {
      throw .invalidSetting(name: "candidates", reason: "must be from 1 to \(Self.mostAtOnce), not \(candidates)")
    }
    guard candidateTokens > 0 else {
      throw .invalidSetting(name: "candidateTokens", reason: "must be at least 1, not \(candidateTokens)")
    }
    guard paragraphCharacters >= 0 else {
      throw .invalidSetting(name: "paragraphCharacters", reason: "must be 0 or more, not \(paragraphCharacters)")
    }
    guard !candidateEnds.contains("") else {
      throw .invalidSetting(name: "candidateEnds", reason: "must not contain an empty text")
    }
    guard options.count != 1 else {
      throw .invalidSetting(name: "options", reason: "must be none, or at least two")
    }
  }
}
