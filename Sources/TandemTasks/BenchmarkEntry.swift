/// A task as it is described before its problems are loaded.
package struct BenchmarkEntry: Sendable {
  package let name: String
  /// One sentence.
  package let summary: String
  /// How many problems it has; nil for a file of the user's.
  package let count: Int?
  package let prompt: PromptTemplate
  package let policy: AnswerPolicy
  let source: Source

  enum Source: Sendable {
    /// The list that comes with the nano pair.
    case heldOutCountdown
    /// Problems from the other side of its split.
    case trainingCountdown
    /// Word problems from the held-out sides of their split, generated.
    case heldOutWordProblems
    /// Word problems from its training side.
    case trainingWordProblems
    /// A file that comes with Tandem.
    case bundled(String)
    /// JSON Lines that the user has to get.
    case file(instructions: String)
    /// GPQA's CSV, likewise.
    case choices(instructions: String)
  }

  /// Whether its questions may not be written to records, traces or logs.
  package var isConfidential: Bool { if case .choices = source { true } else { false } }
  /// Whether its problems are from the training side of a split: to choose on, not to measure with.
  package var isForChoosing: Bool {
    switch source {
    case .trainingCountdown, .trainingWordProblems: true
    case .heldOutCountdown, .heldOutWordProblems, .bundled, .file, .choices: false
    }
  }
  /// Whether a run needs nothing but Tandem.
  package var isIncluded: Bool {
    switch source {
    case .heldOutCountdown, .trainingCountdown, .heldOutWordProblems, .trainingWordProblems, .bundled: true
    case .file, .choices: false
    }
  }

  private init(
    _ name: String, _ count: Int?, _ summary: String, _ source: Source, prompt: PromptTemplate = .speculativeThinking,
    policy: AnswerPolicy = .standard
  ) {
    self.name = name
    self.count = count
    self.summary = summary
    self.source = source
    self.prompt = prompt
    self.policy = policy
  }

  /// The tasks that have a name.
  package static let all = [
    Self(
      "countdown", 1000, "make a number from others; what the nano pair was trained for", .heldOutCountdown,
      prompt: .bare, policy: .whole),
    Self(
      "countdown-training", 1000, "the same, from the training side of the split: to calibrate and choose on",
      .trainingCountdown, prompt: .bare, policy: .whole),
    Self(
      "word-problems", 1000, "generated stories that take two to eight calculations", .heldOutWordProblems,
      prompt: .bare),
    Self(
      "word-problems-training", 1000, "the same, from the training side of the split: to calibrate and choose on",
      .trainingWordProblems, prompt: .bare),
    Self("gsm8k", 1319, "word problems of grade school", .bundled("gsm8k.jsonl")),
    Self("math500", 500, "500 problems of MATH", .bundled("math500.jsonl")),
    Self("olympiadbench", 675, "olympiads, English, without figures", .bundled("olympiadbench.jsonl")),
    Self(
      "math", 5000, "the test set of MATH", get("src/data/math/test.jsonl", of: "microsoft/ToRA", at: "213c1c995038")),
    Self("aime22", 30, "AIME 2022, I and II", aime),
    Self("aime23", 30, "AIME 2023, I and II", aime),
    Self("aime24", 30, "AIME 2024, I and II", qwen("aime24")),
    Self("amc23", 40, "AMC 12 2023", qwen("amc23")),
    Self("gaokao2023en", 385, "Gaokao 2023 in English", qwen("gaokao2023en")),
    Self("college-math", 2818, "college textbooks", qwen("college_math")),
    Self("minerva", 272, "MIT OpenCourseWare: physics, chemistry, mathematics", qwen("minerva_math")),
    Self(
      "gpqa-diamond", 198, "graduate questions with four options", .choices(instructions: gpqa), prompt: .choice,
      policy: .letter),
  ]

  /// The entry called `name`; one for a file of the user's if there is none and a file is given.
  ///
  /// Throws `unknownName` with the nearest there is.
  package static func named(_ name: String, hasFile: Bool) throws(TaskError) -> Self {
    if let entry = all.first(where: { $0.name == name }) { return entry }
    guard hasFile else { throw .unknownName(kind: "task", name: name, known: all.map(\.name)) }
    return Self(name, nil, "a file of yours", .file(instructions: ""))
  }

  // MARK: - Where the other files are. Each was read there once; none was fetched by this program.

  private static let fields = "with 'problem' (or 'question') and 'answer' in each line"

  private static func get(_ path: String, of repository: String, at commit: String) -> Source {
    .file(
      instructions:
        "Get \(path) of github.com/\(repository) at commit \(commit), and see that it is JSON Lines \(fields).")
  }

  private static func qwen(_ folder: String) -> Source {
    get("evaluation/data/\(folder)/test.jsonl", of: "QwenLM/Qwen2.5-Math", at: "a45202bd16f1")
  }

  private static let aime = Source.file(
    instructions: "They are part of evaluation/data/aime1983_2024/AIME_Dataset_1983_2024.jsonl of "
      + "github.com/noforit/SeerSC at commit e4127c4163e9, which lacks 2023-I-15: take the lines of the year, \(fields)."
  )

  private static let gpqa =
    "Accept the terms of huggingface.co/datasets/Idavidrein/gpqa and get gpqa_diamond.csv from it. "
    + "Its questions are never written to records, traces or logs, and should not be put on the net."
}
