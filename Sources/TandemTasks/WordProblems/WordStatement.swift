/// A sentence of a story: it says what a quantity follows from, asks for one, or has nothing to do with the question.
package struct WordStatement: Sendable, Hashable {
  package let content: Content
  /// Which of the phrasings it has.
  package let phrasing: Int

  package enum Content: Sendable, Hashable {
    case definition(WordQuantity, WordRelation)
    case question(WordQuantity, of: [WordQuantity])
    case aside(Int?)
  }

  /// The quantity that it defines; nil if it defines none.
  package var quantity: WordQuantity? { if case .definition(let quantity, _) = content { quantity } else { nil } }

  /// How it is written in a story of `scene`.
  func text(in scene: WordScene) -> String {
    switch content {
    case .definition(let quantity, let relation):
      var words = scene.words.merging([.subject: quantity.holder]) { $1 }
      words.addSources(relation.sources)
      if let number = relation.number {
        words[.number] = "\(number)"
        words[.multiple] = number == 2 ? "twice" : "\(number) times"
        words[.part] = WordLexicon.parts[number]
      }
      return WordPhrasings.of(relation.kind, onDays: scene.isOnDays)[phrasing](words)
    case .question(let quantity, let sources):
      var words = scene.words.merging([.subject: quantity.holder]) { $1 }
      words.addSources(sources)
      return WordPhrasings.questions(about: quantity.measure, onDays: scene.isOnDays)[phrasing](words)
    case .aside(let number):
      return WordLexicon.asides[phrasing](number.map { [.number: "\($0)"] } ?? [:])
    }
  }
}

extension [WordSlot: String] {
  fileprivate mutating func addSources(_ sources: [WordQuantity]) {
    if let first = sources.first { self[.first] = first.holder }
    if sources.count > 1 { self[.second] = sources[1].holder }
  }
}

/// What a story is about: what is counted, and who does it where the holders are days.
package struct WordScene: Sendable, Hashable {
  package let thing: WordThing
  package let actor: String?

  var isOnDays: Bool { actor != nil }

  fileprivate var words: [WordSlot: String] {
    var words: [WordSlot: String] = [.things: thing.plural, .verb: thing.verb, .base: thing.base]
    words[.actor] = actor
    return words
  }

  /// Every scene that there is.
  static let all =
    (WordLexicon.ofPeople + WordLexicon.ofPlaces).map { Self(thing: $0, actor: nil) }
    + WordLexicon.ofDays.map { Self(thing: $0.thing, actor: $0.actor) }
}
