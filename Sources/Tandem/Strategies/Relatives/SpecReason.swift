public import TandemInference

/// SpecReason (Pan et al., arXiv:2504.07891): the small model writes a step, up to a blank line; the large one reads it
/// and gives it a mark from 0 to 9; below a threshold it writes the step itself.
///
/// The question, the threshold and the length of a step are those of the released code (ruipeterpan/specreason,
/// 8c5ee05). What we do differently:
/// - a mark is one of the ten digits (the released code takes the most likely token of the whole vocabulary, and 0 if
///   that is no digit);
/// - tokens stay as they were sampled (the code joins steps with blank lines and encodes them again);
/// - rejected steps and the reading of questions are counted, and the models end their thinking themselves (the code
///   looks for "boxed" and "Answer:", and deletes an end of thinking without them).
///
/// Most of what the large model reads is its own question, of which nothing can be kept in its cache: what a token of it
/// becomes depends on the step before it. With `stepsPerQuestion` above 1 it is asked less often. The small model writes
/// several steps, and the last one is marked: by the same question after the same text as in the paper. If the mark is
/// good, all of them are kept; if not, those before it are marked in their order, as in the paper. A weak step is thus
/// kept if the large model finds that a later one follows from it. The number begins at 1, doubles whenever all steps
/// are kept, and falls back to 1 when one is not.
///
/// A judge for which the threshold was not calibrated can be far too mild or too strict: see `tandem calibrate`.
public struct SpecReason: Strategy {
  /// "spec-reason".
  public static let name = "spec-reason"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "The small model writes steps; the large one scores each, and rewrites those that are too weak.",
    paper: "SpecReason: Fast and Accurate Inference-Time Compute via Speculative Reasoning, arXiv:2504.07891",
    tested: "golden transcripts and marks; on the nano pair, which cannot judge")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    // Marks that decide nothing show how a judge marks: see `Trace.marks`.
    .init(
      "threshold", \.threshold,
      "least mark, from 0 to 9, of a step that is kept (paper: 7); 0 asks for no marks, 10 keeps no step, "
        + "-1 asks for marks but keeps every step", .range(0...10, or: -1)),
    .init("mark", \.mark, "how the ten probabilities become a mark (paper: greedy)"),
    .init("stepTokens", \.stepTokens, "most tokens of a step", .range(1...Budget.mostTokens)),
    .init(
      "openingSteps", \.openingSteps, "how many steps the large model writes first", .range(0...Budget.mostTokens),
      paper: "first_n_steps_base_model"),
    .init(
      "stepsPerQuestion", \.stepsPerQuestion,
      "most steps in a row that are kept or not by the mark of the last one (paper: 1)", .range(1...64)),
    .init("question", \.question, "what the large model is asked about a step"),
    .init("beginning", \.beginning, "how its reply begins; a digit follows"),
    .init("answeredBy", \.answeredBy, "who writes the answer"),
  ]
  /// Any small model, and a large one that scores and can fork its sessions.
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: [.score, .fork]]

  /// The least mark, from 0 to 9, of a step that is kept. 0 asks for no marks, 10 keeps no step, and −1 asks for marks
  /// but keeps every step.
  public var threshold = 7.0
  /// How ten probabilities become one mark.
  public var mark = Mark.greedy
  /// The most tokens of a step.
  public var stepTokens = 512
  /// How many steps the large model writes first.
  public var openingSteps = 0
  /// The most steps in a row that are kept or not by the mark of the last one.
  public var stepsPerQuestion = 1
  /// What the large model is asked about a step.
  public var question =
    "Evaluate the last reasoning step solely based on factual correctness and logical validity. Ignore style, "
    + "phrasing, or overall usefulness—only judge whether the step is objectively correct and logically follows from "
    + "prior steps. Assign a score from 0 to 9."
  /// How its reply begins; a digit follows.
  public var beginning = "I think the quality score is: "
  /// The model that writes the answer.
  public var answeredBy = Role.small

  /// How ten probabilities become one mark.
  public enum Mark: String, Sendable, SettingChoice {
    /// The most likely digit.
    case greedy
    /// Σ d · p(d); "average" in the released code, which has the ten most likely tokens instead of the ten digits.
    case expected

    /// The mark, 0 to 9, from the probabilities of the digits from 0 on.
    public func value(of odds: [Float]) -> Double {
      switch self {
      case .greedy: Double(odds.firstIndex(of: odds.max() ?? 0) ?? 0)
      case .expected: odds.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) }
      }
    }
  }

  /// The constants of the released code.
  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  /// The large model judges in a session of its own.
  public var sessions: [Role: Int] { [.small: 1, .large: 2] }

  /// The large model's turn about a step.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    if threshold == 0 { return [:] }
    return [.large: WindowNeed(aside: try run.tokenCount(ofAsking: question, beginning: beginning, by: .large))]
  }

  /// Lets the large model mark each step, and replace the weak ones.
  public func reason(in run: inout ReasoningRun) async throws {
    // 0. The large model may begin.
    for _ in 0..<openingSteps where run.canThink { try await takeOver(in: &run, because: .opening) }

    var count = 1
    while run.canThink {
      // 1. The small model writes a step, or several. An end of thinking alone is no step.
      let written = try await run.write(
        .small, upTo: .boundaries(count, eachAtMost: stepTokens), isTentative: threshold > 0)
      let (steps, end) = written.splitBeforeLoneEnd
      guard threshold != 0, !steps.thoughts.isEmpty else {
        try run.accept(written)
        continue
      }

      // 2. The large model reads them, and gives the last one a mark. If it is weak, one before it may be weak already.
      var weak = try await isGood(steps, in: &run) ? nil : steps.thoughts.indices.last
      if weak != nil {
        for place in steps.thoughts.indices.dropLast() {
          let step = Passage([steps.thoughts[place]])
          guard try await isGood(step, in: &run) else {
            weak = place
            break
          }
          try run.accept(step)
        }
      }

      // 3. A weak step, below the threshold, the large model writes itself; what followed it is dropped.
      if let weak {
        run.reject(Passage(Array(steps.thoughts[weak...])) + end, because: .lowMark)
        try await takeOver(in: &run, because: .lowMark)
        count = 1
      } else {
        try run.accept(written)
        count = min(2 * count, stepsPerQuestion)
      }
    }
    try await run.conclude(by: answeredBy)
  }

  /// Whether the mark of the last step of `steps` reaches the threshold. They stay in the large model's cache if it does.
  private func isGood(_ steps: Passage, in run: inout ReasoningRun) async throws -> Bool {
    let odds = try await run.judge(
      steps, by: .large, asking: question, beginning: beginning, for: (0...9).map(String.init),
      keepingIf: { mark.value(of: $0) >= threshold })
    let value = mark.value(of: odds)
    let isGood = value >= threshold
    run.select(Selection(method: .mark, scores: [value], chosen: isGood ? 0 : nil, order: [0]))
    return isGood
  }

  private func takeOver(in run: inout ReasoningRun, because reason: Reason) async throws {
    run.handOver(to: .large, because: reason)
    try run.accept(try await run.write(.large, upTo: .boundary(atMost: stepTokens)))
  }
}

extension Passage {
  /// The steps, and the end of thinking if it stands alone.
  fileprivate var splitBeforeLoneEnd: (steps: Passage, end: Passage) {
    let count = thoughts.last?.text.isEmpty == true ? 1 : 0
    return (Passage(thoughts.dropLast(count)), Passage(thoughts.suffix(count)))
  }
}

extension Selection.Method {
  /// A mark for one step decides whether it is kept.
  public static let mark: Self = "mark"
}

extension Trace {
  /// The marks that the large model gave to steps, in their order.
  public var marks: [Double] {
    events.compactMap { event in
      guard case .selected(let selection) = event, selection.method == .mark else { return nil }
      return selection.scores.first
    }
  }
}

extension Reason {
  /// A step whose mark was below the threshold.
  public static let lowMark: Self = "low mark"
}
