import Tandem
import Testing

@Suite struct `The YAML files of the released code` {
  /// What all ten have in common, as a YAML reader gives it.
  private let reasoning: [String: Setting] = [
    "mode": .text("speculative"), "target_model_name": .text("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B"),
    "speculative_model_name": .text("deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B"),
    "target_model_gpu": .text("0,1"), "speculative_model_gpu": 2, "TRIGGER_TOKENS": .list([.text("\n\n")]),
    "TARGET_VALIDATION_KEYWORDS": .dictionary([
      "verify": .list(["verify", "think again", "recap", "check"].map(Setting.text)),
      "negative": .list(["wait", "alternatively", "hold on", "another"].map(Setting.text)),
      "positive": .list(["yeah", "yes", "final answer", "confident"].map(Setting.text)),
    ]),
    "help_think_word": .none, "help_recap_words": .text("Let me check whether there are some wrong steps:"),
    "choose_large": .flag(true), "max_target_tokens": 20, "begin": .flag(false), "begin_token_num": 100,
    "original_recap_token_num": 125, "recap_after_negative_num": 15, "add_each_recap": 25, "add_each_neg": 5,
    "max_recap_token_num": 200, "max_negative_num": 30, "time_out": -1,
  ]

  private func make(_ changes: [String: Setting?] = [:]) throws -> SpeculativeThinking? {
    var settings = reasoning
    for (key, value) in changes { settings[key] = value }
    return try Strategies.make("speculative-thinking", settings: settings) as? SpeculativeThinking
  }

  private func message(_ changes: [String: Setting?]) -> String? {
    do { _ = try make(changes) } catch { return "\(error)" }
    return nil
  }

  @Test func `are our defaults`() throws {
    #expect(try make() == .paper)
  }

  @Test func `for instruct models begin with the large one, and let it follow every blank line`() throws {
    var expected = SpeculativeThinking.paper
    expected.nonReasoning = true
    expected.openingTokens = 100
    expected.timeOut = 180
    #expect(try make(["not_reasoning": .flag(true), "begin": .flag(true), "time_out": 180]) == expected)
  }

  @Test func `set both of our numbers where they have one`() throws {
    let made = try make(["max_target_tokens": 7, "original_recap_token_num": 50])
    #expect(made?.probeTokens == 7)
    #expect(made?.takeoverTokens == 7)
    #expect(made?.verificationTokens == 50)
    #expect(made?.excessTokens == 50)
  }

  @Test func `may be mixed with our own names, once each`() throws {
    let made = try make(["probeTokens": 9, "verificationTokens": 60])
    #expect(made?.probeTokens == 9)
    #expect(made?.takeoverTokens == 20)
    #expect(made?.verificationTokens == 60)
    #expect(message(["takeoverTokens": 9]) == "max_target_tokens is another name of takeoverTokens; give one of them.")
  }

  @Test func `are not read where they ask for what there is not`() {
    #expect(message(["TRIGGER_TOKENS": .list([.text("\n")])])?.hasPrefix("TRIGGER_TOKENS can only be") == true)
    #expect(message(["help_think_word": .text("Hmm")])?.hasPrefix("help_think_word is not used") == true)
    #expect(message(["begin": .text("yes")]) == #"begin must be true or false, not "yes"."#)
    #expect(message(["begin": .flag(true), "begin_token_num": .text("x")])?.hasPrefix("openingTokens") == true)
    #expect(message(["add_each_recaps": 25])?.contains("has no setting 'add_each_recaps'") == true)
    let words = Setting.dictionary(["positives": .list([])])
    let unknown = message(["TARGET_VALIDATION_KEYWORDS": words])
    #expect(unknown?.contains("has no setting 'TARGET_VALIDATION_KEYWORDS.positives'") == true)
    #expect(unknown?.contains("Did you mean 'TARGET_VALIDATION_KEYWORDS.positive'?") == true)
  }
}
