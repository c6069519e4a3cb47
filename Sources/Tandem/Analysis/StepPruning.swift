public import TandemInference

/// What a step of thinking is for, as PIR distinguishes (arXiv:2505.19187): steps that lead to the answer, and three kinds of
/// functional ones.
public enum StepFunction: String, Sendable, Hashable, Codable, CaseIterable {
  /// Leads on to the answer.
  case progressive
  /// Checks what was found.
  case verification
  /// Solves the problem in another way too.
  case multipleMethods = "multiple-methods"
  /// Takes back something that was wrong.
  case errorCorrection = "error-correction"

  /// By words anywhere in the step, in upper or lower case; a step without any of them is progressive. The paper lets a
  /// model decide; these words are ours.
  public init(of step: String) {
    let step = step.lowercased()
    let isOne: ([String]) -> Bool = { words in words.contains { step.contains($0) } }
    self =
      isOne(Self.correctionWords)
      ? .errorCorrection
      : isOne(Self.methodWords) ? .multipleMethods : isOne(Self.verificationWords) ? .verification : .progressive
  }

  private static let correctionWords = [
    "mistake", "that's wrong", "that is wrong", "not right", "incorrect", "i was wrong", "let me correct", "no, wait",
  ]
  private static let methodWords =
    ["alternatively", "think differently"]
    + ["way", "approach", "method", "solution"].map { "another \($0)" }
  private static let verificationWords = [
    "verify", "let me check", "double-check", "double check", "make sure", "let me confirm", "to confirm", "wait",
  ]
}

/// Pruning of thinking by the importance of its steps for the answer (PIR of LIMOPro, arXiv:2505.19187).
///
/// The importance of a functional step is ln PPL(answer | thinking without it) - ln PPL(answer | thinking): how much less
/// likely the answer is without it. The least important functional steps are dropped, progressive ones never. Whether the
/// paper takes the ratio or its logarithm is not checked; both order steps alike.
public struct StepPruning: Sendable, Hashable {
  /// The share of functional steps that is dropped, rounded down.
  public let share: Double

  /// Throws `invalidSetting` for a share that is not from 0 to 1.
  public init(share: Double) throws(ReasoningError) {
    guard 0...1 ~= share else {
      throw .invalidSetting(name: "share", reason: "must be from 0 to 1, not \(share)")
    }
    self.share = share
  }

  /// A step of thinking, up to the blank line that ends it.
  public struct Step: Sendable, Hashable {
    /// Its text, the blank line included.
    public let text: String
    /// What it is for.
    public let function: StepFunction
    /// In nats a token of the answer; nil for a progressive step, whose importance is not measured.
    public let importance: Double?
    /// Whether the step stays.
    public let isKept: Bool
  }

  /// A run whose thinking was pruned.
  public struct Pruned: Sendable, Hashable {
    /// What was asked.
    public let messages: [Message]
    /// All steps, those that were dropped included.
    public let steps: [Step]
    /// The answer after the thinking.
    public let answer: String

    /// The thinking that is left.
    public var thinking: String { steps.filter(\.isKept).map(\.text).joined() }
  }

  /// The pruned thinking of a recorded run; nil if the run has no thinking or did not come to an answer.
  ///
  /// - Parameters:
  ///   - trace: The trace to prune.
  ///   - participant: The model whose perplexity counts. It must be able to score.
  ///   - classify: Which function a step has; by its words unless given.
  ///
  /// Throws `invalidTrace` for a trace without a beginning, and what the engine throws, such as `contextFull`.
  public func prune(
    _ trace: Trace, by participant: Participant,
    classify: (String) async throws -> StepFunction = { StepFunction(of: $0) }
  ) async throws -> Pruned? {
    guard let recorded = try RecordedThinking(trace) else { return nil }
    let steps = recorded.steps
    var functions: [StepFunction] = []
    for step in steps { functions.append(try await classify(step)) }

    let reader = try await Reasoner.open(.small, participant, for: Problem(messages: recorded.messages))
    let importances: [Double?]
    do {
      importances = try await self.importances(of: steps, functions, recorded.answer, reader)
      await reader.session.close()
    } catch {
      await reader.session.close()
      throw error
    }
    let dropped = dropped(importances)
    return Pruned(
      messages: recorded.messages,
      steps: steps.indices.map {
        Step(text: steps[$0], function: functions[$0], importance: importances[$0], isKept: !dropped.contains($0))
      },
      answer: recorded.answer)
  }

  /// The places of the least important functional steps; of equals, the first ones.
  func dropped(_ importances: [Double?]) -> Set<Int> {
    let functional = importances.enumerated().compactMap { place, importance in importance.map { (place, $0) } }
    let count = Int((Double(functional.count) * share).rounded(.down))
    return Set(functional.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count).map { $0.0 })
  }

  private func importances(
    of steps: [String], _ functions: [StepFunction], _ answer: String, _ reader: Reasoner
  ) async throws -> [Double?] {
    let scoring = try reader.session.require((any ScoringSession).self, .score, of: reader.model)
    let prompt = try reader.read(Chain())
    let encoded = try steps.map { try reader.encode($0, .boundary) }
    let answer = try reader.encode(answer, .boundary)
    func scores(without place: Int?) async throws -> [Float] {
      let kept = encoded.indices.filter { $0 != place }.flatMap { encoded[$0] }
      try await reader.session.extend(to: prompt + kept + reader.closing)
      return try await scoring.score(answer)
    }
    let whole = try await scores(without: nil)
    var importances = [Double?](repeating: nil, count: steps.count)
    // From the last step on, so that more of the cache can be used again.
    for place in steps.indices.reversed() where functions[place] != .progressive {
      importances[place] = Self.importance(without: try await scores(without: place), with: whole)
    }
    return importances
  }

  /// The importance of a step, from ln p of each token of the answer without the step and with it.
  package static func importance(without: [Float], with whole: [Float]) -> Double {
    /// Mean -ln p: ln PPL.
    func surprise(_ scores: [Float]) -> Double {
      scores.reduce(0) { $0 - Double($1) } / Double(max(scores.count, 1))
    }
    return surprise(without) - surprise(whole)
  }
}
