import TandemInference

extension WordProblem {
  /// The sentence that says what `quantity` follows from; nil for the total, which the question alone asks for.
  func sentence(about quantity: WordQuantity) -> String? {
    statements.firstIndex { $0.quantity == quantity }.map { sentences[$0] }
  }
}

extension CountdownStep {
  /// The same calculation read wrongly: fewer for more, a part for a multiple; nil if that gives no small number.
  var misread: Self? {
    let operation: CountdownTerm.Operation =
      switch term.operation {
      case .plus: .minus
      case .minus: .plus
      case .times: .plus
      case .dividedBy: .minus
      }
    let term = CountdownTerm(term.left, operation, term.right)
    return term.value.flatMap { (1...99).contains($0) && $0 != result ? Self(term, result: $0) : nil }
  }

  /// The calculation that leads back: 8 - 3 = 5 from 5 + 3 = 8.
  var otherWay: Self {
    let operation: CountdownTerm.Operation =
      switch term.operation {
      case .plus: .minus
      case .minus: .plus
      case .times: .dividedBy
      case .dividedBy: .times
      }
    return Self(CountdownTerm(result, operation, term.right), result: term.left)
  }
}

extension SplitMix64 {
  mutating func opening() -> CountdownSentence.Opening {
    pick(CountdownSentence.Opening.allCases) ?? .verify
  }

  /// The words of a look into the story.
  mutating func look(cued: Bool) -> Int {
    let forms = cued ? WordSentence.cuedLooks : WordSentence.plainLooks
    return forms.lowerBound + below(forms.count)
  }

  /// `step` with a wrong result that could pass for right; nil if there is none.
  mutating func slip(in step: CountdownStep) -> CountdownStep? {
    let results = [-10, -3, -2, -1, 1, 2, 3, 10].map { step.result + $0 }
    return pick(results.filter((2...99).contains)).map(step.claiming)
  }
}
