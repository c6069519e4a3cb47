import TandemInference

/// A schedule as the tokens of one vocabulary.
struct ScheduledText: Sendable {
  let schedule: WritingSchedule
  private let cues: [WritingSchedule.CueKind: [Token]]
  private let blankLine: [Token]
  /// The delimiter that ends the thinking; empty for a model that does not mark it.
  private let closing: [Token]
  private let endOfTurn: Token
  /// Words that stand for any.
  private let words: [Token]

  /// Throws `unsuitable` for a vocabulary without letters, or without an end of turn.
  init(_ schedule: WritingSchedule, for model: any LanguageModel, format: ReasoningFormat) throws {
    let tokenizer = model.tokenizer
    self.schedule = schedule
    cues = try Dictionary(
      uniqueKeysWithValues: WritingSchedule.CueKind.allCases.map {
        ($0, try tokenizer.encode($0.text, control: .asText))
      })
    blankLine = try tokenizer.encode("\n\n", control: .asText)
    closing = try format.closing.map { try tokenizer.encode($0, control: .recognised) } ?? []
    guard let endOfTurn = tokenizer.endTokens.first else {
      throw ReasoningError.unsuitable(model: model.name, reason: "its vocabulary has no end of turn")
    }
    self.endOfTurn = endOfTurn
    words = try tokenizer.plainWords()
    guard words.count > 1 else {
      throw ReasoningError.unsuitable(model: model.name, reason: "its vocabulary has no words of letters alone")
    }
  }

  /// The token at `place` of the thinking.
  func thinking(at place: Int) -> Token {
    guard place < schedule.thinking else {
      // A model that does not mark its thinking answers in it.
      guard !closing.isEmpty else { return answer(at: place - schedule.thinking) }
      return closing[(place - schedule.thinking) % closing.count]
    }
    let thought = schedule.thought(at: place)
    if let cue = schedule.cue(of: thought.thought).flatMap({ cues[$0] }), place - thought.start < cue.count {
      return cue[place - thought.start]
    }
    return thought.end - place <= blankLine.count ? blankLine[blankLine.count - (thought.end - place)] : word(at: place)
  }

  /// The token at `place` of the answer.
  func answer(at place: Int) -> Token { place < schedule.answer ? word(at: place) : endOfTurn }

  /// A word that differs from those beside it.
  func word(at place: Int) -> Token { words[place % words.count] }
}

extension Tokenizer {
  /// Up to 64 tokens that are words of letters alone, none of which is part of a cue, and which no other token begins or
  /// continues: so that both models count the same number, and no strategy finds in them what it looks for.
  fileprivate func plainWords() throws -> [Token] {
    let cues = CueWords.paper
    let parts = (cues.affirmation + cues.reflection + cues.verification + ["boxed"])
      .flatMap { $0.split(separator: " ").map(String.init) }
    let all = (0..<Int32(vocabulary.size)).lazy.map(Token.init(rawValue:))
    let spaced = Array(
      all.filter { token in
        let bytes = bytes(of: token)
        guard (4...9).contains(bytes.count), bytes[0] == UInt8(ascii: " "), bytes.dropFirst().allSatisfy(\.isLetter)
        else {
          return false
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return !parts.contains { text.contains($0) } && (try? encode(text, control: .asText)) == [token]
      }.prefix(64))
    if spaced.count > 1 { return spaced }
    // Consonants make no word.
    return try "bdfgjkmpqx".map { try encode(String($0), control: .asText) }.filter { $0.count == 1 }.map { $0[0] }
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}
