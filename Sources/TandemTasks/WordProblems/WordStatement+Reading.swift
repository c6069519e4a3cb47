extension WordStatement {
  /// Reads a sentence of a story of `scene`; nil for anything that `text(in:)` does not write.
  static func reading(_ sentence: String, in scene: WordScene) -> Self? {
    let tokens = WordTokens(sentence).tokens
    if tokens.last == "?" { return question(tokens, scene) }
    for kind in WordRelation.Kind.allCases {
      for (index, template) in WordPhrasings.of(kind, onDays: scene.isOnDays).enumerated() {
        guard let read = template.read(tokens), let holder = read.word(.subject) else { continue }
        func quantity(_ holder: String, _ measure: WordQuantity.Measure) -> WordQuantity {
          WordQuantity(holder: holder, things: scene.thing.plural, measure: measure)
        }
        var sources = [read.word(.first), read.word(.second)].compactMap(\.self).map { quantity($0, .count) }
        if kind.measure != .count { sources = [quantity(holder, .count)] }
        let relation = WordRelation(kind: kind, sources: sources, number: read.number)
        let statement = Self(content: .definition(quantity(holder, kind.measure), relation), phrasing: index)
        if statement.text(in: scene) == sentence { return statement }
      }
    }
    for (index, template) in WordLexicon.asides.enumerated() {
      guard let read = template.read(tokens) else { continue }
      return Self(content: .aside(read.number), phrasing: index)
    }
    return nil
  }

  private static func question(_ tokens: [String], _ scene: WordScene) -> Self? {
    for measure in WordQuantity.Measure.allCases {
      for (index, template) in WordPhrasings.questions(about: measure, onDays: scene.isOnDays).enumerated() {
        guard let read = template.read(tokens) else { continue }
        func count(_ slot: WordSlot) -> WordQuantity? {
          read.word(slot).map { WordQuantity(holder: $0, things: scene.thing.plural, measure: .count) }
        }
        if measure == .total {
          let sources = [count(.first), count(.second)].compactMap(\.self)
          return Self(content: .question(.total, of: sources), phrasing: index)
        }
        guard let holder = read.word(.subject) else { continue }
        let asked = WordQuantity(holder: holder, things: scene.thing.plural, measure: measure)
        return Self(content: .question(asked, of: []), phrasing: index)
      }
    }
    return nil
  }
}
