extension Paper {
  /// Zhang et al. 2025.
  static let tldr = Paper(
    name: "tldr",
    title: "Making Small Language Models Efficient Reasoners: Intervention, Supervision, Reinforcement",
    source: "arXiv:2505.07961v3, abstract", figures: rows,
    notes: [
      "No figures: its full text was not found. The abstract says that scaling the temperature of the stop (TS) and TLDR "
        + "shorten answers by about 50 % with minimal to no loss of accuracy.",
      "The rewards, levels and prompts of TLDR are Tandem's (docs/training.md): the paper's are not known.",
    ])

  private static let rows =
    ["math500", "amc23", "aime24", "olympiadbench"].flatMap { task in
      ["R1-1.5B", "R1-1.5B, TS 0.9", "R1-1.5B, TS 0.8", "R1-1.5B, TS 0.7", "R1-1.5B, BF 1000", "R1-1.5B, BF 4000"].map {
        Figure(task, $0)
      }
    } + ["short", "medium", "long"].map { Figure("math500, \($0)", "R1-1.5B TLDR") }
}
