/// A place in a template, by the letter it is written with.
enum WordSlot: Character, Sendable, Hashable {
  /// Who has the quantity that a sentence is about, and of what others it is made.
  case subject = "x"
  case first = "y"
  case second = "z"
  /// A number, a multiple ("twice", "3 times") and a part ("half", "a third").
  case number = "n"
  case multiple = "m"
  case part = "f"
  /// What is counted, and what is done with it: "apples", "picks", "pick".
  case things = "u"
  case verb = "v"
  case base = "b"
  /// Who does it on all days: "the baker".
  case actor = "a"
  /// A quantity by its name, a step, and several: in thoughts.
  case quantity = "q"
  case step = "s"

  /// What this slot can be at the beginning of `tokens`, and how many of them it takes.
  func readings(of tokens: ArraySlice<String>) -> [(WordFilling, Int)] {
    guard let head = tokens.first else { return [] }
    switch self {
    case .subject, .first, .second: return WordLexicon.holder(in: tokens).map { [(.word($0), $1)] } ?? []
    case .number: return Int(head).map { [(.number($0), 1)] } ?? []
    case .multiple:
      if head == "twice" { return [(.number(2), 1)] }
      return tokens.dropFirst().first == "times" ? Int(head).map { [(.number($0), 2)] } ?? [] : []
    case .part: return WordLexicon.part(in: tokens).map { [(.number($0), $1)] } ?? []
    case .things, .verb, .base: return [(.word(head), 1)]
    case .actor: return tokens.count > 1 ? [(.word(tokens.prefix(2).joined(separator: " ").lowercasedArticle), 2)] : []
    case .quantity: return WordQuantity.readings(of: tokens).map { (.quantity($0), $1) }
    case .step:
      return CountdownStep(tokens.prefix(5).joined(separator: " ")).map { [(.step($0), 5)] } ?? []
    }
  }
}

/// What fills a slot.
enum WordFilling: Sendable, Hashable {
  case word(String)
  case number(Int)
  case quantity(WordQuantity)
  case step(CountdownStep)
}

extension [WordSlot: WordFilling] {
  func word(_ slot: WordSlot) -> String? { if case .word(let word)? = self[slot] { word } else { nil } }
  func quantity(_ slot: WordSlot) -> WordQuantity? { if case .quantity(let it)? = self[slot] { it } else { nil } }
  func step(_ slot: WordSlot) -> CountdownStep? { if case .step(let step)? = self[slot] { step } else { nil } }

  /// The number that is said, in whatever form.
  var number: Int? {
    for slot in [WordSlot.number, .multiple, .part] { if case .number(let number)? = self[slot] { return number } }
    return nil
  }
}

extension String {
  /// "The baker" at the beginning of a sentence is "the baker".
  var lowercasedArticle: String { hasPrefix("The ") ? "the " + dropFirst(4) : self }
}
