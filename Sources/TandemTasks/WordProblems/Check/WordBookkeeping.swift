/// Keeps the books of what is said about a word problem, and tells what in it isn't so.
///
/// After a fault it continues from what was claimed: each fault is reported once, not again in all that follows from it.
struct WordBookkeeping {
  private let solver: WordSolver
  private let relations: [WordQuantity: WordRelation]
  private let goal: WordQuantity
  private let sentences: Set<String>
  private let needed: Set<WordQuantity>
  /// What was said of each quantity, and by which calculation.
  private var claims: [WordQuantity: Int] = [:]
  private var steps: [WordQuantity: CountdownStep] = [:]
  private var latest: WordQuantity?
  private var check: (steps: [CountdownStep], claim: Int?)?

  init(_ problem: WordProblem) {
    solver = WordSolver(problem)
    (relations, goal, sentences) = (problem.relations, problem.goal, Set(problem.sentences))
    needed = Set(solver.needed)
    for (quantity, relation) in relations where relation.kind == .given { claims[quantity] = relation.number }
  }

  /// Reads the next sentence.
  mutating func read(_ sentence: WordSentence) -> [WordFault] {
    switch sentence {
    case .goal(let quantity): quantity == goal ? [] : [WordFault(.wrongGoal, "asked for is \(goal.name)")]
    case .look(_, let quantity):
      needed.contains(quantity) ? [] : [WordFault(.unneeded, "\(quantity.name) is not needed")]
    case .quote(let text): sentences.contains(text) ? [] : [WordFault(.wrongQuote, "the story does not say '\(text)'")]
    case .step(_, let quantity, let step): readStep(quantity, step)
    case .draft(let step): readDraft(step)
    case .misread: latest == nil ? [WordFault(.baselessCorrection, "nothing was calculated")] : []
    case .calculation(.correction(let step, let claim)): readCorrection([step], claim)
    case .calculation(.check(_, let steps, let claim)): readCheck(steps, claim)
    case .calculation(.correct): readVerdict(isRight: true)
    case .calculation(.wrong): readVerdict(isRight: false)
    case .calculation: [WordFault(.unreadable, "that is a sentence of Countdown")]
    case .otherWay(let step): arithmetic([step])
    case .nothing(let quantity):
      relations[quantity] == nil ? [] : [WordFault(.notMissing, "the story says what \(quantity.name) are")]
    case .result(let answer):
      answer == solver.answer ? [] : [WordFault(.wrongAnswer, "\(answer) does not follow from the story")]
    }
  }

  private func expected(_ quantity: WordQuantity) -> CountdownTerm? {
    guard let relation = relations[quantity] else { return nil }
    let sources = relation.sources.compactMap { claims[$0] }
    return sources.count == relation.sources.count ? relation.term(sources) : nil
  }

  private mutating func readStep(_ quantity: WordQuantity, _ step: CountdownStep) -> [WordFault] {
    var faults = arithmetic([step])
    if let term = expected(quantity), term != step.term {
      faults.append(WordFault(.wrongTerm, "\(quantity.name) is \(term), not \(step.term)"))
    } else if expected(quantity) == nil {
      faults.append(WordFault(.wrongTerm, "\(quantity.name) cannot be calculated yet"))
    }
    if !needed.contains(quantity) { faults.append(WordFault(.unneeded, "\(quantity.name) is not needed")) }
    (claims[quantity], steps[quantity], latest) = (step.result, step, quantity)
    return faults
  }

  private mutating func readDraft(_ step: CountdownStep) -> [WordFault] {
    let open = solver.needed.first { claims[$0] == nil && expected($0) == step.term }
    guard let open else { return arithmetic([step]) + [WordFault(.wrongTerm, "nothing is calculated as \(step.term)")] }
    return readStep(open, step)
  }

  private func arithmetic(_ steps: [CountdownStep]) -> [WordFault] {
    steps.filter { !$0.isRight }.map { WordFault(.wrongArithmetic, "\($0.term) is not \($0.result)") }
  }

  // MARK: - Checks

  /// The quantity of which `step` was claimed with another result becomes what it is.
  private mutating func readCorrection(_ corrected: [CountdownStep], _ claim: Int) -> [WordFault] {
    guard let last = corrected.last,
      let wrong = steps.first(where: { $0.value.term == last.term && $0.value.result == claim })?.key,
      last.result != claim
    else { return arithmetic(corrected) + [WordFault(.baselessCorrection, "\(claim) was never said, or is right")] }
    (claims[wrong], steps[wrong]) = (last.result, last)
    return arithmetic(corrected)
  }

  private mutating func readCheck(_ checked: [CountdownStep], _ claim: Int?) -> [WordFault] {
    check = (checked, claim)
    let known = Set(steps.values)
    let right = claim == nil ? checked : checked.dropLast()
    let unknown = right.first { !known.contains($0) }
    let faults = unknown.map { [WordFault(.falseCheck, "\($0) was not calculated")] } ?? []
    guard let claim else { return arithmetic(checked) + faults }
    return readCorrection(checked, claim) + faults
  }

  private mutating func readVerdict(isRight: Bool) -> [WordFault] {
    defer { check = nil }
    guard let check else { return [WordFault(.falseCheck, "nothing was checked")] }
    let isTrue = check.claim == nil && check.steps.last?.result == solver.answer
    return isTrue == isRight ? [] : [WordFault(.falseCheck, "the verdict is wrong")]
  }
}
