import Tandem

extension Preset {
  /// All pairs that Tandem knows, the built-in one first.
  public static let all: [Preset] = [nano, smollm2, smollm2Gemma] + r1 + [instruct] + qwen3

  /// The pair that is part of Tandem.
  public static let nano = Preset(
    name: "nano", summary: "0.14M + 0.87M parameters, for Countdown; part of Tandem",
    options: options("nano-small", "nano-large", topK: 0, contextSize: 512, thinkingTokens: 400),
    strategy: nanoStrategy, isTested: true,
    note: "Solves nothing but Countdown. Accuracy on the 1,000 held-out problems: see the README.")

  /// The constants of the paper, scaled to traces of some 270 tokens, whose thoughts are single lines. A take-over is as
  /// long as "Wait, back to 20, 7, 5.": recalling the state is where the small model fails (docs/log.md).
  private static let nanoStrategy = SpeculativeThinking.paper.with {
    $0.takeoverUnit = .thought
    $0.takeoverTokens = 14
    $0.verificationTokens = 4
    $0.excessTokens = 12
    $0.excessIncrement = 0
    $0.excessMaximum = 12
    $0.excessThreshold = 5
    $0.thresholdMaximum = 5
    $0.excessText = ""
    $0.statements = .keep
    $0.scope = .thinking
  }

  /// Real models of the smallest size.
  static let smollm2 = Preset(
    name: "smollm2", summary: "SmolLM2 135M as Q4_0 + the same as Q8_0",
    options: options("smollm2-135m-q4_0", "smollm2-135m-q8_0", topK: 50, contextSize: 4096, thinkingTokens: 400),
    strategy: instructStrategy, isTested: true,
    note: "Plumbing, not accuracy: the same weights twice show a real vocabulary and the hand-over of tokens.")

  /// Models of different vocabularies.
  static let smollm2Gemma = Preset(
    name: "smollm2-gemma", summary: "SmolLM2 135M + Gemma 3 270M base: different vocabularies",
    options: options("smollm2-135m-q4_0", "gemma-3-270m", topK: 50, contextSize: 4096, thinkingTokens: 400),
    strategy: instructStrategy, isTested: true,
    note: "Plumbing, not accuracy: shows the hand-over of text. Gemma's terms must be accepted first.")

  /// A small model that does not reason gets help after every paragraph, and a start (section 4.2 of the paper).
  private static let instructStrategy = SpeculativeThinking.paper.with {
    $0.nonReasoning = true
    $0.openingTokens = 100
  }

  private static let r1 = ["7B", "14B", "32B"].map { size in
    Preset(
      name: "r1-1.5b-\(size.lowercased())",
      summary: "DeepSeek-R1-Distill-Qwen 1.5B + \(size)",
      options: options(
        "hf:unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF/DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf", distilled(size),
        topK: 50, contextSize: 32_768),
      strategy: SpeculativeThinking.paper, isTested: false,
      note: untested
        + (size == "7B" ? "The paper has no row for this pair." : "A pair of the paper, there with 16-bit weights."))
  }

  private static let instruct = Preset(
    name: "qwen2.5-7b-r1-32b", summary: "Qwen2.5-7B-Instruct + DeepSeek-R1-Distill-Qwen-32B",
    options: options(
      "hf:bartowski/Qwen2.5-7B-Instruct-GGUF/Qwen2.5-7B-Instruct-Q4_K_M.gguf", distilled("32B"), topK: 50,
      contextSize: 32_768),
    strategy: instructStrategy, isTested: false,
    note: untested + "A pair of the paper, there with 16-bit weights; the small model does not reason by itself.")

  private static let qwen3 = ["0.6B", "1.7B"].flatMap { small in
    ["8B", "14B", "32B"].map { large in
      Preset(
        name: "qwen3-\(small.lowercased())-\(large.lowercased())", summary: "Qwen3 \(small) + \(large)",
        // The sampling of Qwen3's model card for thinking.
        options: options(
          "hf:Qwen/Qwen3-\(small)-GGUF/Qwen3-\(small)-Q8_0.gguf",
          "hf:Qwen/Qwen3-\(large)-GGUF/Qwen3-\(large)-Q4_K_M.gguf", topK: 20, contextSize: 32_768),
        strategy: SpeculativeThinking.paper, isTested: false, note: untested + "Not a pair of the paper.")
    }
  }

  private static let untested = "Untested here. "

  private static func distilled(_ size: String) -> String {
    let name = "DeepSeek-R1-Distill-Qwen-\(size)"
    return "hf:bartowski/\(name)-GGUF/\(name)-Q4_K_M.gguf"
  }

  /// A pair with the paper's temperature and top-p.
  private static func options(
    _ small: String, _ large: String, topK: Int, contextSize: Int, thinkingTokens: Int? = nil
  ) -> RunOptions {
    RunOptions(
      small: small, large: large, contextSize: contextSize,
      sampling: .init(temperature: 0.6, topK: topK, topP: 0.95), limits: .init(thinkingTokens: thinkingTokens))
  }
}

extension SpeculativeThinking {
  /// The same with some settings changed.
  fileprivate func with(_ change: (inout Self) -> Void) -> Self {
    var changed = self
    change(&changed)
    return changed
  }
}
