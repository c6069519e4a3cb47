import TandemInference

/// Thinks about a word problem as a tiny model should learn to: what is asked, what that follows from, back to what the
/// story gives, and forwards again by one calculation a thought.
///
/// What is hard for a small model is to find the right sentence of the story, so the cue words stand where it is looked
/// for, and a large model that takes over at cues helps where help is needed.
struct WordReasoning {
  private let policy: WordTracePolicy
  private let problem: WordProblem
  private let solver: WordSolver
  private let relations: [WordQuantity: WordRelation]
  /// The place of what goes wrong in the order of the calculations.
  private let mistakeAt: Int
  private var style: WordStyle
  private var mistake: WordMistake?
  /// The thought before which the hint to be brief is inserted.
  private var hintAt: Int?

  private(set) var thoughts: [WordThought] = []
  /// What has been said of each quantity.
  private var claims: [WordQuantity: Int] = [:]
  private var steps: [(quantity: WordQuantity, step: CountdownStep)] = []
  private var isMissing = false
  /// Whether the last result was wrong, and nobody has noticed.
  private var hidden: Int?

  init(
    _ problem: WordProblem, _ style: WordStyle, _ policy: WordTracePolicy, mistake: WordMistake?, hintAt: Int?,
    _ draws: inout SplitMix64
  ) {
    (self.problem, self.style, self.policy, self.mistake, self.hintAt) = (problem, style, policy, mistake, hintAt)
    solver = WordSolver(problem)
    relations = problem.relations
    mistakeAt = draws.below(max(solver.steps, 1))
  }

  /// The whole thinking, with as many checks in the end.
  mutating func think(checks: Int, _ draws: inout SplitMix64) {
    if style == .full { begin() }
    find(problem.goal, &draws)
    guard !isMissing else { return }
    if let hidden { reveal(hidden, &draws) }
    for _ in 0..<checks where style == .full {
      say(.calculation(.check(draws.opening(), steps.map(\.step), not: nil)), .calculation(.correct))
    }
    if style == .full, draws.chance(policy.otherWayShare), let way = steps.last?.step.otherWay { say(.otherWay(way)) }
    if style != .draft, let answer = claims[problem.goal] { say(.result(answer)) }
  }

  /// The goal, and what the story says of it.
  private mutating func begin() {
    let quote = problem.sentence(about: problem.goal).map(WordSentence.quote)
    thoughts.append(WordThought(sentences: [.goal(problem.goal)] + [quote].compactMap(\.self)))
  }

  private mutating func say(_ sentences: WordSentence..., isLearned: Bool = true, mark: Int = 9) {
    var thought = WordThought(sentences: sentences, isLearned: isLearned, mark: mark)
    if let hintAt, thoughts.count >= hintAt {
      thought.inserted = WordInstruction.concise
      self.hintAt = nil
    }
    thoughts.append(thought)
  }

  /// Once told to be brief, the rest is.
  private mutating func heedHint() {
    if let hintAt, thoughts.count >= hintAt { style = .draft }
  }

  // MARK: - One quantity

  private mutating func find(_ quantity: WordQuantity, _ draws: inout SplitMix64) {
    guard claims[quantity] == nil, !isMissing else { return }
    heedHint()
    guard let relation = relations[quantity] else {
      say(.look(draws.look(cued: true), quantity), .nothing(quantity))
      isMissing = true
      return
    }
    let quote = problem.sentence(about: quantity).map(WordSentence.quote)
    if style == .full, quantity != problem.goal, let quote {
      say(.look(draws.look(cued: draws.chance(policy.cueAtLook)), quantity), quote)
    }
    for source in relation.sources { find(source, &draws) }
    guard !isMissing else { return }
    guard let term = relation.term(relation.sources.compactMap { claims[$0] }), let value = term.value else {
      if style == .planned, let quote { say(quote) }
      claims[quantity] = relation.number
      return
    }
    calculate(quantity, CountdownStep(term, result: value), quote, &draws)
  }

  private mutating func calculate(
    _ quantity: WordQuantity, _ step: CountdownStep, _ quote: WordSentence?, _ draws: inout SplitMix64
  ) {
    heedHint()
    let form = draws.below(WordSentence.steps.count)
    func sentence(_ step: CountdownStep) -> WordSentence {
      style == .draft ? .draft(step) : .step(form, quantity, step)
    }
    let isDue = steps.count == mistakeAt && style == .full
    switch isDue ? mistake : nil {
    case .slip:
      guard let wrong = draws.slip(in: step) else { break }
      say(sentence(wrong), isLearned: false, mark: 1)
      say(.calculation(.correction(step, not: wrong.result)))
      return claim(quantity, step)
    case .misreading:
      guard let wrong = step.misread, let quote else { break }
      say(sentence(wrong), isLearned: false, mark: 2)
      say(.misread(draws.below(WordSentence.misreadings.count)), quote, sentence(step))
      return claim(quantity, step)
    case .hiddenSlip:
      guard let wrong = draws.slip(in: step), canContinue(quantity, wrong.result) else { break }
      say(sentence(wrong), isLearned: false, mark: 1)
      hidden = steps.count
      return claim(quantity, wrong)
    case nil: break
    }
    // What follows rightly from something wrong is neither right nor wrong.
    let mark = hidden == nil ? 9 : 4
    if style == .planned, let quote { say(quote, sentence(step), mark: mark) } else { say(sentence(step), mark: mark) }
    claim(quantity, step)
  }

  private mutating func claim(_ quantity: WordQuantity, _ step: CountdownStep) {
    claims[quantity] = step.result
    steps.append((quantity, step))
  }

  // MARK: - A slip that nobody noticed

  /// Whether all that is left can be calculated from a wrong result, and stays small.
  private func canContinue(_ quantity: WordQuantity, _ wrong: Int) -> Bool {
    var values = claims
    values[quantity] = wrong
    for quantity in solver.needed where values[quantity] == nil {
      guard let relation = relations[quantity] else { return false }
      let term = relation.term(relation.sources.compactMap { values[$0] })
      guard let value = term.map({ $0.value }) ?? relation.number, (1...99).contains(value) else { return false }
      values[quantity] = value
    }
    return true
  }

  /// Finds the wrong one of the steps, and does what follows from it again.
  private mutating func reveal(_ place: Int, _ draws: inout SplitMix64) {
    let (wrong, before) = (steps[place], steps[..<place].map(\.step))
    let right = wrong.step.corrected
    say(.calculation(.check(draws.opening(), before + [right], not: wrong.step.result)), .calculation(.wrong))
    (hidden, mistake) = (nil, nil)
    let later = steps[(place + 1)...]
    steps.removeSubrange(place...)
    claim(wrong.quantity, right)
    for (quantity, before) in later {
      guard let relation = relations[quantity], let term = relation.term(relation.sources.compactMap { claims[$0] }),
        let value = term.value
      else { continue }
      let step = CountdownStep(term, result: value)
      if step != before { say(.step(draws.below(WordSentence.steps.count), quantity, step)) }
      claim(quantity, step)
    }
  }
}
