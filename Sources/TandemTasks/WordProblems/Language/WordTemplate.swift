/// A sentence with slots, "{x} {v} {n} more {u} than {y}.": written and read by the same words.
struct WordTemplate: Sendable {
  private let pieces: [Piece]
  private let text: String
  /// Its longest word: a sentence without it is not of this form, which is quickly seen.
  private let mark: String?

  private enum Piece: Sendable, Hashable {
    case word(String)
    case slot(WordSlot)
  }

  init(_ text: String) {
    self.text = text
    var (pieces, rest) = ([Piece](), text[...])
    while let open = rest.firstIndex(of: "{") {
      pieces += WordTokens(rest[..<open]).tokens.map(Piece.word)
      let name = rest[open...].dropFirst().prefix(1)
      if let slot = name.first.flatMap(WordSlot.init) { pieces.append(.slot(slot)) }
      rest = rest[open...].dropFirst(3)
    }
    self.pieces = pieces + WordTokens(rest).tokens.map(Piece.word)
    mark = self.pieces.compactMap { if case .word(let word) = $0 { word } else { nil } }.max { $0.count < $1.count }
  }

  func callAsFunction(_ words: [WordSlot: String]) -> String {
    var (result, rest) = ("", text[...])
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      if let slot = rest[open...].dropFirst().first.flatMap(WordSlot.init) { result += words[slot] ?? "" }
      rest = rest[open...].dropFirst(3)
    }
    return (result + rest).capitalisedAtStart
  }

  /// What fills the slots of a sentence; nil if it is no sentence of this form.
  func read(_ tokens: [String]) -> [WordSlot: WordFilling]? {
    guard mark.map(tokens.contains) ?? true else { return nil }
    return read(tokens[...], from: 0, [:])
  }

  private func read(
    _ tokens: ArraySlice<String>, from place: Int, _ fillings: [WordSlot: WordFilling]
  ) -> [WordSlot: WordFilling]? {
    guard place < pieces.count else { return tokens.isEmpty ? fillings : nil }
    switch pieces[place] {
    case .word(let word):
      guard tokens.first == word else { return nil }
      return read(tokens.dropFirst(), from: place + 1, fillings)
    case .slot(let slot):
      for (filling, count) in slot.readings(of: tokens) {
        if let earlier = fillings[slot], earlier != filling { continue }
        var fillings = fillings
        fillings[slot] = filling
        if let result = read(tokens.dropFirst(count), from: place + 1, fillings) { return result }
      }
      return nil
    }
  }
}
