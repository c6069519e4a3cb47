/// A sentence of a thought: what the writer writes and the check reads.
package enum WordSentence: Sendable, Hashable {
  /// "We need Ann's apples.": what the question asks for.
  case goal(WordQuantity)
  /// "Wait, first Ann's apples.": what is looked up in the story. The numbers are those of `looks`.
  case look(Int, WordQuantity)
  /// A sentence of the story, as it stands there.
  case quote(String)
  /// "So Ann's apples: 5 + 3 = 8."
  case step(Int, WordQuantity, CountdownStep)
  /// "5 + 3 = 8.": five words.
  case draft(CountdownStep)
  /// "Hold on, I misread that."
  case misread(Int)
  /// A correction, a check or a verdict, in the words of Countdown.
  case calculation(CountdownSentence)
  /// "Another way: 8 - 3 = 5, which fits."
  case otherWay(CountdownStep)
  /// "Nothing in the story tells us Tom's apples."
  case nothing(WordQuantity)
  /// "Yes, the answer is 8."
  case result(Int)

  /// The words in which something is looked up. Those from `cuedLooks` on have a cue of reflection.
  package static let looks = [
    "Look for {q}.", "Now for {q}.", "Wait, first {q}.", "Hold on, what about {q}?", "Check the story for {q}.",
  ]
  static let plainLooks = 0..<2
  static let cuedLooks = 2..<5
  static let steps = ["So {q}: {s}.", "Then {q}: {s}.", "That gives {q}: {s}."].map(WordTemplate.init)
  static let misreadings = ["Hold on, I misread that.", "Wait, I misread that."]
  static let goal = WordTemplate("We need {q}.")
  static let nothing = WordTemplate("Nothing in the story tells us {q}.")
  static let otherWay = WordTemplate("Another way: {s}, which fits.")
  static let draft = WordTemplate("{s}.")
  static let result = WordTemplate("Yes, the answer is {n}.")
  static let lookTemplates = looks.map(WordTemplate.init)
}

extension WordSentence: CustomStringConvertible {
  package var description: String {
    switch self {
    case .goal(let quantity): Self.goal([.quantity: quantity.name])
    case .look(let form, let quantity): Self.lookTemplates[form]([.quantity: quantity.name])
    case .quote(let text): text
    case .step(let form, let quantity, let step): Self.steps[form]([.quantity: quantity.name, .step: "\(step)"])
    case .draft(let step): Self.draft([.step: "\(step)"])
    case .misread(let form): Self.misreadings[form]
    case .calculation(let sentence): sentence.description
    case .otherWay(let step): Self.otherWay([.step: "\(step)"])
    case .nothing(let quantity): Self.nothing([.quantity: quantity.name])
    case .result(let answer): Self.result([.number: "\(answer)"])
    }
  }

  /// Reads one sentence of the thinking about `problem`; nil for anything that `description` does not write.
  package init?(_ text: String, about problem: WordProblem) {
    guard let sentence = Self.read(text, problem), sentence.description == text else { return nil }
    self = sentence
  }

  private static func read(_ text: String, _ problem: WordProblem) -> Self? {
    if problem.sentences.contains(text) { return .quote(text) }
    if let form = misreadings.firstIndex(of: text) { return .misread(form) }
    if let sentence = CountdownSentence(text) { return .calculation(sentence) }
    let tokens = WordTokens(text).tokens
    if let quantity = goal.read(tokens)?.quantity(.quantity) { return .goal(quantity) }
    if let quantity = nothing.read(tokens)?.quantity(.quantity) { return .nothing(quantity) }
    if let step = draft.read(tokens)?.step(.step) { return .draft(step) }
    if let step = otherWay.read(tokens)?.step(.step) { return .otherWay(step) }
    if let answer = result.read(tokens)?.number { return .result(answer) }
    for (form, template) in lookTemplates.enumerated() {
      if let quantity = template.read(tokens)?.quantity(.quantity) { return .look(form, quantity) }
    }
    for (form, template) in steps.enumerated() {
      guard let read = template.read(tokens) else { continue }
      if let quantity = read.quantity(.quantity), let step = read.step(.step) { return .step(form, quantity, step) }
    }
    return WordStatement.reading(text, in: problem.scene).map { _ in .quote(text) }
  }
}
