public import TandemInference

/// SpecReason (Pan et al., arXiv:2504.07891): the small model writes a step, up to a blank line; the large one
/// reads it and gives it a mark from 0 to 9; below a threshold it writes the step itself.
///
/// The question, the threshold and the length of a step are those of the released code (ruipeterpan/specreason, 8c5ee05).
/// What we do differently:
/// - a mark is looked for among the ten digits (the released code takes the likeliest token of the whole vocabulary,
///   and 0 where that is no digit);
/// - tokens stay as they were sampled: the code joins steps with blank lines and encodes them anew;
/// - rejected steps and the reading of questions are counted, and the models end their thinking themselves (the code
///   looks for "boxed" and "Answer:", and deletes an end of thinking without them).
///
/// A judge that a threshold was not calibrated for can be far too mild or too strict: see `tandem calibrate`.
public struct SpecReason: Strategy {
  public static let name = "spec-reason"
  public static let about = StrategyDescription(
    summary: "The small model writes steps, the large one marks each, and writes those again that are too weak.",
    paper: "SpecReason: Fast and Accurate Inference-Time Compute via Speculative Reasoning, arXiv:2504.07891",
    settings: [
      "threshold":
        "least mark, from 0 to 9, of a step that is kept (paper: 7); 0 asks for no marks, -1 for marks alone",
      "mark": "greedy (the likeliest digit) or expected (the mean over the digits)",
      "stepTokens": "most tokens of a step",
      "openingSteps": "how many steps the large model writes first (first_n_steps_base_model)",
      "question": "what the large model is asked about a step",
      "beginning": "how its reply begins; a digit follows", "answeredBy": "who writes the answer: small or large",
    ], tested: "golden transcripts and marks; on the nano pair, which knows nothing of marks")
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: [.logits, .fork]]

  public var threshold = 7.0
  public var mark = Mark.greedy
  public var stepTokens = 512
  public var openingSteps = 0
  public var question =
    "Evaluate the last reasoning step solely based on factual correctness and logical validity. Ignore style, "
    + "phrasing, or overall usefulness—only judge whether the step is objectively correct and logically follows from "
    + "prior steps. Assign a score from 0 to 9."
  public var beginning = "I think the quality score is: "
  public var answeredBy = Role.small

  /// How ten probabilities become one mark.
  public enum Mark: String, Sendable, Codable, CaseIterable {
    /// The likeliest digit.
    case greedy
    /// Σ d · p(d); "average" in the released code, which has the ten likeliest tokens instead of the ten digits.
    case expected

    /// The mark, 0 to 9, from the probabilities of the digits from 0 on.
    public func value(of odds: [Float]) -> Double {
      switch self {
      case .greedy: Double(odds.firstIndex(of: odds.max() ?? 0) ?? 0)
      case .expected: odds.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) }
      }
    }
  }

  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  public var sessions: [Role: Int] { [.small: 1, .large: 2] }

  public func validate() throws(ReasoningError) {
    // Marks that decide nothing show how a judge marks: see `Trace.marks`.
    guard threshold == -1 || (0...10).contains(threshold) else {
      throw .invalidSetting(
        name: "threshold", reason: "must be from 0 to 9, 10 for never, or -1 for marks alone, not \(threshold)")
    }
    guard stepTokens > 0 else {
      throw .invalidSetting(name: "stepTokens", reason: "must be at least 1, not \(stepTokens)")
    }
    guard openingSteps >= 0 else {
      throw .invalidSetting(name: "openingSteps", reason: "must be 0 or more, not \(openingSteps)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    // 0. The large model may begin.
    for _ in 0..<openingSteps where run.canThink() { try await takeOver(in: &run, because: .opening) }

    while run.canThink() {
      // 1. The small model writes a step. An end of thinking alone is no step.
      let step = try await run.write(.small, upTo: .boundary(atMost: stepTokens), isTentative: threshold > 0)
      guard threshold != 0, !step.thinking.text.isEmpty else {
        try run.accept(step)
        continue
      }

      // 2. The large model reads it, and gives it a mark.
      let odds = try await run.judge(
        step, by: .large, asking: question, beginning: beginning, for: (0...9).map(String.init),
        keepingIf: { mark.value(of: $0) >= threshold })
      let value = mark.value(of: odds)
      let isGood = value >= threshold
      run.select(Selection(method: Selection.mark, scores: [value], chosen: isGood ? 0 : nil, order: [0]))

      // 3. Below the threshold it writes the step itself.
      if isGood {
        try run.accept(step)
      } else {
        run.reject(step, because: .lowMark)
        try await takeOver(in: &run, because: .lowMark)
      }
    }
    try await run.conclude(by: answeredBy)
  }

  private func takeOver(in run: inout ReasoningRun, because reason: Reason) async throws {
    run.handOver(to: .large, because: reason)
    try run.accept(try await run.write(.large, upTo: .boundary(atMost: stepTokens)))
  }
}

extension Selection {
  /// The method of a choice that is a mark for one step.
  public static let mark = "mark"
}

extension Trace {
  /// The marks that the large model gave to steps, in their order.
  public var marks: [Double] {
    events.compactMap { event in
      guard case .selected(let selection) = event, selection.method == Selection.mark else { return nil }
      return selection.scores.first
    }
  }
}

extension Reason {
  /// A step whose mark was below the threshold.
  public static let lowMark = Self(rawValue: "low mark")
}
