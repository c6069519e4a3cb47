import TandemInference

/// Searches as a tiny model should learn to search, and says what it does: down from state to state until two numbers are
/// left, and after a dead end back to a state with moves left.
///
/// The way back begins with a cue word. To name a state that was there is what a very small model fails at most often,
/// so a large model that takes over at cues helps where help is needed.
struct CountdownSearch: Sendable {
  private let policy: CountdownTracePolicy
  private var draws: SplitMix64
  private var solver = CountdownSolver()

  // The trace that is being made.
  private var target = 0
  private var mistake: CountdownMistake?
  private var thoughts: [CountdownThought] = []
  /// What the next thought begins with.
  private var turn: CountdownSentence?
  private var tried: [CountdownState: Set<CountdownTerm>] = [:]
  private var deadEnds = 0
  /// From all numbers to where the search stands; `path[i]` leads from `states[i]` to `states[i + 1]`.
  private var states: [CountdownState] = []
  private var path: [CountdownStep] = []

  init(_ policy: CountdownTracePolicy, seed: UInt64) {
    self.policy = policy
    draws = SplitMix64(seed: seed)
  }

  /// A trace that ends with a solution of `problem`; nil if none was found within the limit of dead ends.
  ///
  /// - Parameters:
  ///   - mistake: What goes wrong on the way, if there is an occasion.
  ///   - checks: How often the solution is checked.
  mutating func trace(of problem: Countdown, mistake: CountdownMistake?, checks: Int) -> CountdownTrace? {
    (target, self.mistake) = (problem.target, mistake)
    (thoughts, turn, tried, deadEnds) = ([], nil, [:], 0)
    (states, path) = ([CountdownState(problem.numbers)], [])
    while deadEnds <= policy.deadEndLimit {
      if state.numbers.count == 2 {
        guard look() else { continue }
        for _ in 0..<checks { say(.check(draws.pick(), path, not: nil), .correct) }
        return CountdownTrace(thoughts: thoughts, solution: path)
      } else if let move = pick() {
        attempt(move)
      } else {
        guard states.count > 1 else { return nil }
        leave()
        announceTurn()
      }
    }
    return nil
  }

  private var state: CountdownState { states[states.count - 1] }

  private mutating func say(_ sentences: CountdownSentence..., isLearned: Bool = true) {
    thoughts.append(CountdownThought(sentences: [turn].compactMap(\.self) + sentences, isLearned: isLearned))
    turn = nil
  }

  // MARK: - Forwards

  private mutating func untried() -> [CountdownSolver.Move] {
    let tried = tried[state] ?? []
    return solver.moves(from: state).filter { !tried.contains($0.step.term) }
  }

  /// A move that was not tried yet: with the policy's chance one of the good ones, if there are any.
  private mutating func pick() -> CountdownSolver.Move? {
    let untried = untried()
    let good = untried.filter { $0.canReach(target) }
    let chance = deadEnds < policy.patience ? policy.goodMove : policy.goodMoveLater
    guard let move = draws.pick(!good.isEmpty && draws.chance(chance) ? good : untried) else { return nil }
    tried[state, default: []].insert(move.step.term)
    return move
  }

  private mutating func attempt(_ move: CountdownSolver.Move) {
    guard mistake == .slip || mistake == .hiddenSlip, draws.chance(policy.slipAtMove),
      let wrong = slip(in: move.step), let wrongState = state.applying(wrong)
    else {
      say(.attempt(move.step), .left(move.state.numbers))
      return go(move.step, to: move.state)
    }
    say(.attempt(wrong), .left(wrongState.numbers), isLearned: false)
    // A slip that no success can follow from would never be noticed.
    if mistake == .slip || !solver.canReach(target, from: wrongState) {
      say(.correction(move.step, not: wrong.result), .left(move.state.numbers))
      go(move.step, to: move.state)
    } else {
      go(wrong, to: wrongState)
    }
    mistake = nil
  }

  /// `step` with a wrong result that could pass for right; nil if there is none.
  private mutating func slip(in step: CountdownStep) -> CountdownStep? {
    let results = [-10, -3, -2, -1, 1, 2, 3, 10].map { step.result + $0 }
    return draws.pick(results.filter(CountdownSolver.values.contains)).map(step.claiming)
  }

  private mutating func go(_ step: CountdownStep, to next: CountdownState) {
    path.append(step)
    states.append(next)
  }

  // MARK: - At the last two numbers

  /// Looks at what the last two numbers make. Whether that is the target, and truly so: `path` is then a solution.
  private mutating func look() -> Bool {
    let results = solver.moves(from: state).map(\.step)
    guard let last = results.first(where: { $0.result == target }) ?? falseSuccess(among: results) else {
      say(.results(results), .noneMakes(target))
      leave()
      while states.count > 1,
        untried().isEmpty || !solver.canReach(target, from: state) && draws.chance(policy.leavesHopeless)
      {
        leave()
      }
      deadEnds += 1
      announceTurn()
      return false
    }
    say(.results([last]), .makes(target), isLearned: last.isRight)
    path.append(last)
    guard let wrong = path.firstIndex(where: { !$0.isRight }) else { return true }
    say(.check(draws.pick(), path[...wrong].map(\.corrected), not: path[wrong].result), .wrong)
    path.removeSubrange(wrong...)
    states.removeSubrange((wrong + 1)...)
    if state.numbers.count == 2 { leave() }
    deadEnds += 1
    announceTurn()
    return false
  }

  /// The result that is nearest to the target, claimed to be the target.
  private mutating func falseSuccess(among results: [CountdownStep]) -> CountdownStep? {
    guard mistake == .falseSuccess, draws.chance(policy.falseSuccessAtDeadEnd) else { return nil }
    mistake = nil
    return results.min { abs($0.result - target) < abs($1.result - target) }?.claiming(target)
  }

  // MARK: - Backwards

  private mutating func leave() {
    states.removeLast()
    path.removeLast()
  }

  private mutating func announceTurn() {
    turn = .back(draws.chance(policy.cueAtTurn) ? draws.pick() : nil, to: state.numbers)
  }
}

extension SplitMix64 {
  fileprivate mutating func pick<Choice: CaseIterable>() -> Choice where Choice.AllCases == [Choice] {
    Choice.allCases[below(Choice.allCases.count)]
  }
}
