extension Paper {
  /// Wang et al. 2025.
  static let speculativeCoT = Paper(
    name: "scot", title: "Efficient Reasoning for LLMs through Speculative Chain-of-Thought",
    source:
      "arXiv:2504.19095v2, Tables 1, 2 and 6; the accuracies of R1-1.5B and R1-32B are read from the bars of Fig. 4",
    figures: qwen + llama,
    notes: [
      "The first 500 problems of each task; its GSM8K, CollegeMath and OlympiadBench are others of these sets.",
      "Seconds are of thinking alone, one problem at a time, on 4 + 1 A100 (32B) or H800 (70B); those of a run are all of "
        + "a problem's.",
      "The draft model and the selector are adapters that were trained for it. Without them a run repeats no row of it.",
      "The accuracies of the pair of R1-8B and R1-70B are given only as means: 63.8 and 72.2 alone, 71.1 together (Fig. 1).",
    ])

  private static let qwen = [
    Figure("gsm8k", "R1-1.5B", accuracy: 74.7),
    Figure("gsm8k", "R1-32B", accuracy: 88.8, largeThinking: 302, answerTokens: 314, seconds: 26.5),
    Figure(
      "gsm8k", "R1-1.5B + R1-32B", accuracy: 87.0, largeThinking: 45, draftTokens: 265, answerTokens: 270, seconds: 11.7
    ),
    Figure("math500", "R1-1.5B", accuracy: 78.0),
    Figure("math500", "R1-32B", accuracy: 91.2, largeThinking: 2123, answerTokens: 632, seconds: 225.1),
    Figure(
      "math500", "R1-1.5B + R1-32B", accuracy: 90.0, largeThinking: 151, draftTokens: 1855, answerTokens: 358,
      seconds: 77.0),
    Figure("gaokao2023en", "R1-1.5B", accuracy: 63.8),
    Figure("gaokao2023en", "R1-32B", accuracy: 77.7, largeThinking: 3230, answerTokens: 948, seconds: 369.5),
    Figure(
      "gaokao2023en", "R1-1.5B + R1-32B", accuracy: 73.2, largeThinking: 630, draftTokens: 2767, answerTokens: 610,
      seconds: 160.1),
    Figure("college-math", "R1-1.5B", accuracy: 56.4),
    Figure("college-math", "R1-32B", accuracy: 66.2, largeThinking: 1051, answerTokens: 416, seconds: 95.3),
    Figure(
      "college-math", "R1-1.5B + R1-32B", accuracy: 66.2, largeThinking: 110, draftTokens: 1136, answerTokens: 357,
      seconds: 43.7),
    Figure("olympiadbench", "R1-1.5B", accuracy: 23.6),
    Figure("olympiadbench", "R1-32B", accuracy: 35.0, largeThinking: 8431, answerTokens: 2952, seconds: 1092.2),
    Figure(
      "olympiadbench", "R1-1.5B + R1-32B", accuracy: 31.6, largeThinking: 3553, draftTokens: 4194, answerTokens: 2179,
      seconds: 575.7),
  ]

  private static let llama = [
    Figure("gsm8k", "R1-70B", largeThinking: 326, answerTokens: 238, seconds: 21.6),
    Figure("gsm8k", "R1-8B + R1-70B", largeThinking: 47, draftTokens: 410, answerTokens: 212, seconds: 11.0),
    Figure("math500", "R1-70B", largeThinking: 1492, answerTokens: 256, seconds: 105.5),
    Figure("math500", "R1-8B + R1-70B", largeThinking: 70, draftTokens: 2395, answerTokens: 310, seconds: 57.8),
    Figure("gaokao2023en", "R1-70B", largeThinking: 2521, answerTokens: 453, seconds: 188.3),
    Figure("gaokao2023en", "R1-8B + R1-70B", largeThinking: 501, draftTokens: 2986, answerTokens: 568, seconds: 111.0),
    Figure("college-math", "R1-70B", largeThinking: 920, answerTokens: 312, seconds: 63.3),
    Figure("college-math", "R1-8B + R1-70B", largeThinking: 120, draftTokens: 1913, answerTokens: 314, seconds: 50.4),
    Figure("olympiadbench", "R1-70B", largeThinking: 5503, answerTokens: 840, seconds: 443.6),
    Figure(
      "olympiadbench", "R1-8B + R1-70B", largeThinking: 2579, draftTokens: 4319, answerTokens: 1068, seconds: 325.0),
  ]
}
