extension Paper {
  /// Yang et al. 2025.
  static let speculativeThinking = Paper(
    name: "speculative-thinking",
    title: "Speculative Thinking: Enhancing Small-Model Reasoning with Large Model Guidance at Inference Time",
    source: "arXiv:2504.12329v1, Tables 2 (R1-Distill-Qwen) and 3 (Qwen2.5-7B-Instruct)",
    figures: r1 + instruct,
    notes: [
      "One sample of each problem. aime is the 90 problems of 2022 to 2024.",
      "The large share is that of the tokens that were asked of it, also if it wrote fewer.",
      "Its runs with two models had another prompt than those with one (no marker of the assistant's turn), and no answer "
        + "in a box was wrong there. Here all rows have the same prompt and grader.",
      "Its speeds are estimates from a formula, and are left out.",
    ])

  private static let r1 = [
    Figure("aime", "R1-1.5B", accuracy: 25.6, tokens: 17_800.0),
    Figure("aime", "R1-1.5B + R1-14B", accuracy: 33.3, tokens: 16_691.2, largeShare: 18),
    Figure("aime", "R1-1.5B + R1-32B", accuracy: 32.2, tokens: 15_706.1, largeShare: 19),
    Figure("aime", "R1-7B", accuracy: 48.9, tokens: 13_250.4),
    Figure("aime", "R1-7B + R1-32B", accuracy: 53.3, tokens: 13_213.6, largeShare: 18),
    Figure("aime", "R1-14B", accuracy: 60.0, tokens: 12_600.2),
    Figure("aime", "R1-32B", accuracy: 65.6, tokens: 12_274.3),
    Figure("gpqa-diamond", "R1-1.5B", accuracy: 33.8, tokens: 7922.0),
    Figure("gpqa-diamond", "R1-1.5B + R1-14B", accuracy: 38.9, tokens: 8134.3, largeShare: 15),
    Figure("gpqa-diamond", "R1-1.5B + R1-32B", accuracy: 41.9, tokens: 7612.4, largeShare: 17),
    Figure("gpqa-diamond", "R1-7B", accuracy: 45.5, tokens: 6111.5),
    Figure("gpqa-diamond", "R1-7B + R1-32B", accuracy: 52.0, tokens: 5952.5, largeShare: 22),
    Figure("gpqa-diamond", "R1-14B", accuracy: 57.1, tokens: 5762.7),
    Figure("gpqa-diamond", "R1-32B", accuracy: 61.6, tokens: 5406.8),
    Figure("math500", "R1-1.5B", accuracy: 83.2, tokens: 5439.1),
    Figure("math500", "R1-1.5B + R1-14B", accuracy: 89.0, tokens: 4527.4, largeShare: 19),
    Figure("math500", "R1-1.5B + R1-32B", accuracy: 89.4, tokens: 4582.8, largeShare: 19),
    Figure("math500", "R1-7B", accuracy: 92.8, tokens: 3975.2),
    Figure("math500", "R1-7B + R1-32B", accuracy: 93.0, tokens: 3767.8, largeShare: 18),
    Figure("math500", "R1-14B", accuracy: 93.8, tokens: 3609.0),
    Figure("math500", "R1-32B", accuracy: 92.8, tokens: 3802.2),
    Figure("amc23", "R1-1.5B", accuracy: 75.0, tokens: 10_460.8),
    Figure("amc23", "R1-1.5B + R1-14B", accuracy: 85.0, tokens: 7503.2, largeShare: 19),
    Figure("amc23", "R1-1.5B + R1-32B", accuracy: 80.0, tokens: 8691.2, largeShare: 21),
    Figure("amc23", "R1-7B", accuracy: 92.5, tokens: 6093.8),
    Figure("amc23", "R1-7B + R1-32B", accuracy: 92.5, tokens: 5116.1, largeShare: 16),
    Figure("amc23", "R1-14B", accuracy: 95.0, tokens: 6395.4),
    Figure("amc23", "R1-32B", accuracy: 95.0, tokens: 7106.7),
  ]

  private static let instruct = [
    Figure("aime", "Qwen2.5-7B", accuracy: 7.8, tokens: 1249.8),
    Figure("aime", "Qwen2.5-7B + R1-32B", accuracy: 15.6, tokens: 10_236.0, largeShare: 46),
    Figure("gpqa-diamond", "Qwen2.5-7B", accuracy: 33.8, tokens: 5.6),
    Figure("gpqa-diamond", "Qwen2.5-7B + R1-32B", accuracy: 48.0, tokens: 6652.8, largeShare: 31),
    Figure("math500", "Qwen2.5-7B", accuracy: 74.0, tokens: 802.3),
    Figure("math500", "Qwen2.5-7B + R1-32B", accuracy: 81.8, tokens: 3015.9, largeShare: 44),
    Figure("amc23", "Qwen2.5-7B", accuracy: 42.5, tokens: 878.5),
    Figure("amc23", "Qwen2.5-7B + R1-32B", accuracy: 55.0, tokens: 8732.8, largeShare: 31),
  ]
}
