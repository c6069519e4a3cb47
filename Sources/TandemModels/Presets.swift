extension Preset {
  /// All pairs that Tandem knows, the built-in one first.
  public static let all: [Preset] = [nano, smollm2, smollm2Gemma] + r1 + [instruct] + qwen3

  /// The pair that is part of Tandem.
  public static let nano = Preset(
    name: "nano", summary: "0.14M + 0.87M parameters, for Countdown; part of Tandem",
    small: .catalogue("nano-small"), large: .catalogue("nano-large"),
    strategy: "speculative-thinking",
    // The constants of the paper, scaled to traces of some 270 tokens, whose thoughts are single lines. A take-over is as
    // long as "Wait, back to 20, 7, 5.": recalling the state is where the small model fails (docs/log.md).
    settings: paper.merging(
      [
        "takeoverUnit": "thought", "takeoverTokens": 14, "verificationTokens": 4, "excessTokens": 12,
        "excessIncrement": 0, "excessMaximum": 12, "excessThreshold": 5, "thresholdMaximum": 5, "excessText": "",
        "statements": "keep", "scope": "thinking",
      ]) { $1 },
    sampling: .paper(topK: 0), contextSize: 512, thinkingBudget: 400, tested: true,
    note: "Solves nothing but Countdown. Accuracy on the 1,000 held-out problems: see the README.")

  static let smollm2 = Preset(
    name: "smollm2", summary: "SmolLM2 135M as Q4_0 + the same as Q8_0",
    small: .catalogue("smollm2-135m-q4_0"), large: .catalogue("smollm2-135m-q8_0"),
    strategy: "speculative-thinking", settings: instructSettings, sampling: .paper(topK: 50), contextSize: 4096,
    thinkingBudget: 400, tested: true,
    note: "Plumbing, not accuracy: the same weights twice show a real vocabulary and the hand-over of tokens.")

  static let smollm2Gemma = Preset(
    name: "smollm2-gemma", summary: "SmolLM2 135M + Gemma 3 270M base: different vocabularies",
    small: .catalogue("smollm2-135m-q4_0"), large: .catalogue("gemma-3-270m"),
    strategy: "speculative-thinking", settings: instructSettings, sampling: .paper(topK: 50), contextSize: 4096,
    thinkingBudget: 400, tested: true,
    note: "Plumbing, not accuracy: shows the hand-over of text. Gemma's terms must be accepted first.")

  /// A small model that does not reason gets help after every paragraph, and a start (section 4.2 of the paper).
  private static let instructSettings = paper.merging(["nonReasoning": true, "openingTokens": 100]) { $1 }

  private static let r1 = ["7B", "14B", "32B"].map { size in
    Preset(
      name: "r1-1.5b-\(size.lowercased())",
      summary: "DeepSeek-R1-Distill-Qwen 1.5B + \(size)",
      small: hub("unsloth", "DeepSeek-R1-Distill-Qwen-1.5B-GGUF", "DeepSeek-R1-Distill-Qwen-1.5B-Q8_0"),
      large: hub("bartowski", "DeepSeek-R1-Distill-Qwen-\(size)-GGUF", "DeepSeek-R1-Distill-Qwen-\(size)-Q4_K_M"),
      strategy: "speculative-thinking", settings: paper, sampling: .paper(topK: 50), contextSize: 32_768,
      thinkingBudget: nil, tested: false,
      note: untested
        + (size == "7B" ? "The paper has no row for this pair." : "A pair of the paper, there with 16-bit weights."))
  }

  private static let instruct = Preset(
    name: "qwen2.5-7b-r1-32b", summary: "Qwen2.5-7B-Instruct + DeepSeek-R1-Distill-Qwen-32B",
    small: hub("bartowski", "Qwen2.5-7B-Instruct-GGUF", "Qwen2.5-7B-Instruct-Q4_K_M"),
    large: hub("bartowski", "DeepSeek-R1-Distill-Qwen-32B-GGUF", "DeepSeek-R1-Distill-Qwen-32B-Q4_K_M"),
    strategy: "speculative-thinking",
    settings: instructSettings,
    sampling: .paper(topK: 50), contextSize: 32_768, thinkingBudget: nil, tested: false,
    note: untested + "A pair of the paper, there with 16-bit weights; the small model does not reason by itself.")

  private static let qwen3 = ["0.6B", "1.7B"].flatMap { small in
    ["8B", "14B", "32B"].map { large in
      Preset(
        name: "qwen3-\(small.lowercased())-\(large.lowercased())", summary: "Qwen3 \(small) + \(large)",
        small: hub("Qwen", "Qwen3-\(small)-GGUF", "Qwen3-\(small)-Q8_0"),
        large: hub("Qwen", "Qwen3-\(large)-GGUF", "Qwen3-\(large)-Q4_K_M"),
        // The sampling of Qwen3's model card for thinking.
        strategy: "speculative-thinking", settings: paper, sampling: .paper(topK: 20), contextSize: 32_768,
        thinkingBudget: nil, tested: false, note: untested + "Not a pair of the paper.")
    }
  }

  private static let untested = "Untested here. "

  /// The constants that the paper and its code have, arXiv:2504.12329.
  static let paper: [String: PresetValue] = [
    "probeTokens": 20, "takeoverTokens": 20, "takeoverUnit": "tokens", "verificationTokens": 125,
    "excessTokens": 125, "excessIncrement": 25, "excessMaximum": 200, "excessThreshold": 15,
    "thresholdIncrement": 5, "thresholdMaximum": 30, "nonReasoning": false, "openingTokens": 0,
    "statements": "discard", "matching": "substring",
  ]

  private static func hub(_ owner: String, _ repository: String, _ file: String) -> ModelReference {
    // These are literals of ours; a test parses every one of them.
    let parsed = try? HuggingFaceFile(owner: owner, repository: repository, path: "\(file).gguf")
    return parsed.map { .huggingFace($0) } ?? .file(path: "\(owner)/\(repository)/\(file).gguf")
  }
}

extension Preset.Sampling {
  fileprivate static func paper(topK: Int) -> Self { Self(temperature: 0.6, topP: 0.95, topK: topK) }
}
