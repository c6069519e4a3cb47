import TandemInference
package import TandemRewards
package import TandemTasks

/// Countdown as practice: each draw is a problem with a level of length in words behind the question.
package struct CountdownPractice: Practice {
  package let problems: [Countdown]
  /// What is asked for in turn; nil stands for a question without a wish.
  package let levels: [LengthLevel?]
  /// The tokens that each level stands for, where a reward needs a number. The nano models read numbers only to 99.
  package var budgets: [LengthLevel: Int] = [:]
  private let tokenizer: BytePairTokenizer
  private let closing: [Token]
  private let seed: UInt64

  package init(
    _ problems: [Countdown], levels: [LengthLevel?] = LengthLevel.allCases, tokenizer: BytePairTokenizer, seed: UInt64
  ) {
    precondition(!problems.isEmpty && !levels.isEmpty, "there must be something to practise")
    self.problems = problems
    self.levels = levels
    self.tokenizer = tokenizer
    self.seed = seed
    closing = tokenizer.encode(NanoFormat.closing, control: .recognised)
  }

  /// Problems of the training side, as difficult as those of the evaluation.
  package static func trainingProblems(
    _ count: Int, seed: UInt64, minimumBlindSuccess: Double = 0.05
  ) -> [Countdown] {
    var generator = CountdownGenerator(seed: seed, split: .training, minimumBlindSuccess: minimumBlindSuccess)
    return (0..<count).map { _ in generator.next() }
  }

  /// At most `count` problems like `trainingProblems`, none of which is among `known`, in whatever order of its numbers.
  package static func otherProblems(_ count: Int, than known: [Countdown], seed: UInt64) -> [Countdown] {
    let keys = Set(known.map { $0.orderlessKey })
    return Array(trainingProblems(2 * count, seed: seed).filter { !keys.contains($0.orderlessKey) }.prefix(count))
  }

  /// The effort that a level stands for: its words are those that the nano models were trained with.
  package static func effort(_ level: LengthLevel) -> CountdownEffort {
    switch level {
    case .short: .low
    case .medium: .medium
    case .long: .high
    }
  }

  /// Every problem once with every level, from the first problem on; then all over again.
  package func exercise(inOrder index: Int) -> PracticeExercise {
    exercise(index / levels.count % problems.count, levels[index % levels.count])
  }

  package func exercise(at draw: Int) -> PracticeExercise {
    // A shuffle that needs no memory: what a draw gives depends on its number alone.
    var draws = SplitMix64(seed: SplitMix64.derive(seed, UInt64(draw)))
    return exercise(draws.below(problems.count), levels[draw % levels.count])
  }

  private func exercise(_ problem: Int, _ level: LengthLevel?) -> PracticeExercise {
    let question = problems[problem].question + (level.map { " " + Self.effort($0).sentence } ?? "")
    return PracticeExercise(
      prompt: tokenizer.encode(NanoFormat.prompt(question), control: .recognised), problem: problem, level: level,
      budget: level.flatMap { budgets[$0] })
  }

  package func outcome(of rollout: Rollout, at exercise: PracticeExercise) -> RewardOutcome {
    guard let end = rollout.tokens.firstIndex(where: { [$0] == closing }) else {
      return RewardOutcome(
        length: rollout.tokens.count, isCorrect: false, isCut: true, isRepetitive: rollout.tokens.isRepetitive)
    }
    let answer = tokenizer.decode(rollout.tokens[(end + 1)...])
    return RewardOutcome(
      length: end, isCorrect: rollout.isComplete && problems[exercise.problem].isSolved(by: answer),
      isCut: !rollout.isComplete, isRepetitive: rollout.tokens[..<end].isRepetitive)
  }

  package func steps(of rollout: Rollout) -> CompletionSteps? {
    guard let end = rollout.tokens.firstIndex(where: { [$0] == closing }) else { return nil }
    var (steps, start, text) = ([Range<Int>](), 0, [UInt8]())
    for place in 0..<end {
      let bytes = tokenizer.bytes(of: rollout.tokens[place])
      text += bytes
      if start == place, let last = steps.last, bytes.allSatisfy({ $0 == 10 }) {
        // A longer gap belongs to the step before it.
        steps[steps.count - 1] = last.lowerBound..<place + 1
        start = place + 1
      } else if !bytes.isEmpty, text.suffix(2) == [10, 10] {
        steps.append(start..<place + 1)
        start = place + 1
      }
    }
    if start < end { steps.append(start..<end) }
    return CompletionSteps(steps: steps, answerStart: end + 1)
  }

  package var fingerprint: UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.combine("\(seed) \(levels.map { $0?.rawValue ?? "none" })".utf8)
    for level in LengthLevel.allCases { fingerprint.combine("\(budgets[level] ?? 0)".utf8) }
    for problem in problems { fingerprint.combine(problem.question.utf8) }
    return fingerprint.value
  }
}

extension Collection<Token> {
  /// Whether some run of `length` tokens is there three times.
  fileprivate var isRepetitive: Bool {
    let (tokens, length) = (Array(self), 12)
    guard tokens.count >= 3 * length else { return false }
    var counts: [ArraySlice<Token>: Int] = [:]
    for start in 0...(tokens.count - length) {
      counts[tokens[start..<(start + length)], default: 0] += 1
      if counts[tokens[start..<(start + length)]] == 3 { return true }
    }
    return false
  }
}
