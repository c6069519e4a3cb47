/// Keeps the books of a search from what is said, and tells what in it isn't so.
///
/// After a fault it continues from what was claimed: each fault is reported once, not again in all that follows from it.
struct CountdownBookkeeping {
  private let problem: Countdown
  private var state: CountdownState
  private var seen: Set<CountdownState>
  private var tried: Set<Try> = []
  /// Every step that was claimed: what a correction can correct.
  private var claims: Set<CountdownStep> = []
  private var attempt: Attempt?
  private var results: [CountdownStep] = []
  private var check: (steps: [CountdownStep], claim: Int?)?

  private struct Try: Hashable {
    let state: CountdownState
    let term: CountdownTerm
  }

  /// The latest try: where it was made from, what it claims, and what it led to that wasn't there before.
  private struct Attempt {
    let before: CountdownState
    var step: CountdownStep
    var found: CountdownState?
  }

  init(_ problem: Countdown) {
    self.problem = problem
    state = CountdownState(problem.numbers)
    seen = [state]
  }

  /// Reads the next sentence.
  mutating func read(_ sentence: CountdownSentence) -> [CountdownFault] {
    switch sentence {
    case .attempt(let step): readAttempt(step)
    case .left(let numbers): readLeft(CountdownState(numbers))
    case .results(let steps): readResults(steps)
    case .noneMakes(let target): target == problem.target ? readDeadEnd() : otherTarget(target)
    case .makes(let target): target == problem.target ? readSuccess() : otherTarget(target)
    case .back(_, let numbers): readBack(CountdownState(numbers))
    case .correction(let step, let claim): readCorrection(step, claim)
    case .check(_, let steps, let claim): readCheck(steps, claim)
    case .correct: readVerdict(isRight: true)
    case .wrong: readVerdict(isRight: false)
    }
  }

  // MARK: - Steps

  private mutating func readAttempt(_ step: CountdownStep) -> [CountdownFault] {
    var faults = arithmetic([step])
    if state.applying(step) == nil { faults.append(missing(step.term)) }
    if !tried.insert(Try(state: state, term: step.term)).inserted {
      faults.append(CountdownFault(.repeatedStep, "\(step.term) was tried before"))
    }
    claims.insert(step)
    results = []
    attempt = Attempt(before: state, step: step)
    return faults
  }

  private mutating func readLeft(_ claimed: CountdownState) -> [CountdownFault] {
    defer {
      if seen.insert(claimed).inserted { attempt?.found = claimed }
      state = claimed
    }
    guard let attempt else {
      return [CountdownFault(.wrongState, "nothing was done that leaves \(claimed.numbers.spelled)")]
    }
    // Where a number was missing, that was the fault.
    guard let expected = attempt.before.applying(attempt.step), expected != claimed else { return [] }
    return [
      CountdownFault(
        .wrongState, "\(attempt.step) leaves \(expected.numbers.spelled), not \(claimed.numbers.spelled)")
    ]
  }

  private mutating func readBack(_ claimed: CountdownState) -> [CountdownFault] {
    (state, attempt, results) = (claimed, nil, [])
    guard seen.contains(claimed) else {
      return [CountdownFault(.unknownState, "\(claimed.numbers.spelled) was never there")]
    }
    return []
  }

  private func arithmetic(_ steps: [CountdownStep]) -> [CountdownFault] {
    steps.filter { !$0.isRight }.map { step in
      let value = step.term.value.map { "\($0)" } ?? "no whole number"
      return CountdownFault(.wrongArithmetic, "\(step.term) is \(value), not \(step.result)")
    }
  }

  private func missing(_ term: CountdownTerm) -> CountdownFault {
    CountdownFault(.missingNumber, "\(state.numbers.spelled) is there, which \(term) can't be made of")
  }

  // MARK: - The last two numbers

  private mutating func readResults(_ steps: [CountdownStep]) -> [CountdownFault] {
    claims.formUnion(steps)
    (attempt, results) = (nil, steps)
    let missing = steps.first { state.numbers.count != 2 || state.applying($0) == nil }
    return arithmetic(steps) + (missing.map { [self.missing($0.term)] } ?? [])
  }

  private func readDeadEnd() -> [CountdownFault] {
    guard state.numbers.count == 2 else { return [] }  // told when the results were
    let terms = CountdownTerm.Operation.allCases.map { CountdownTerm(state.numbers[0], $0, state.numbers[1]) }
    guard let solution = terms.first(where: { $0.value == problem.target }) else { return [] }
    return [CountdownFault(.missedSolution, "\(solution) makes \(problem.target)")]
  }

  private func readSuccess() -> [CountdownFault] {
    guard let last = results.last else { return [CountdownFault(.falseSuccess, "nothing makes \(problem.target)")] }
    guard last.term.value != problem.target else { return [] }
    return [CountdownFault(.falseSuccess, "\(last.term) does not make \(problem.target)")]
  }

  private func otherTarget(_ target: Int) -> [CountdownFault] {
    [CountdownFault(.wrongTarget, "the target is \(problem.target), not \(target)")]
  }

  // MARK: - Checks

  private mutating func readCorrection(_ step: CountdownStep, _ claim: Int) -> [CountdownFault] {
    let faults = arithmetic([step]) + baseless(step, claim)
    claims.insert(step)
    if let attempt, attempt.step.term == step.term {
      if let found = attempt.found { seen.remove(found) }
      state = attempt.before
      self.attempt = Attempt(before: attempt.before, step: step)
    }
    return faults
  }

  private mutating func readCheck(_ steps: [CountdownStep], _ claim: Int?) -> [CountdownFault] {
    check = (steps, claim)
    guard let claim, let last = steps.last else { return arithmetic(steps) }
    return arithmetic(steps) + baseless(last, claim)
  }

  private func baseless(_ step: CountdownStep, _ claim: Int) -> [CountdownFault] {
    guard !claims.contains(CountdownStep(step.term, result: claim)) || step.term.value == claim else { return [] }
    return [CountdownFault(.baselessCorrection, "\(step.term) = \(claim) was never said, or is right")]
  }

  private mutating func readVerdict(isRight: Bool) -> [CountdownFault] {
    defer { check = nil }
    guard let check else { return [CountdownFault(.falseCheck, "nothing was checked")] }
    let isTrue = check.claim == nil && problem.isDerived(by: check.steps)
    guard isTrue != isRight else { return [] }
    let verdict = isTrue ? "makes \(problem.target)" : "does not make \(problem.target)"
    return [CountdownFault(.falseCheck, "\(check.steps.spelled) \(verdict)")]
  }
}
