/// The texts with which a family of models marks its thinking, for all who look for them: engine, strategies, extraction
/// and training.
public struct ReasoningMarkers: Sendable, Hashable {
  /// What opens the thinking.
  public let opening: String
  /// What ends it.
  public let closing: String

  /// DeepSeek-R1, its distillations, QwQ and Qwen3.
  public static let think = Self(opening: "<think>", closing: "</think>")
  /// Magistral.
  public static let bracketed = Self(opening: "[THINK]", closing: "[/THINK]")
  /// Sky-T1 and OpenThinker.
  public static let sky = Self(opening: "<|begin_of_thought|>", closing: "<|end_of_thought|>")

  /// All that are known. Those of s1 are made of ChatML's own control tokens, and are not among them.
  public static let known = [think, bracketed, sky]

  /// Every opening and closing.
  public static let texts = known.flatMap { [$0.opening, $0.closing] }
}
