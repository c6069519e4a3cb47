/// The places behind phrases that announce an answer.
enum Announcements {
  /// How telling phrases are, the most telling first.
  private enum Rank: Int, CaseIterable {
    case finalIs, final, isColon, `is`, colon, letter, result
  }

  /// A word for "answer", and what has to follow it.
  private struct Stem {
    let text: [UInt8]
    let follow: Follow

    enum Follow {
      /// A colon, or a verb such as "is".
      case colonOrVerb
      /// A verb: "the roots are".
      case verb
      /// A letter: "选 C".
      case letter
    }
  }

  private static let stems: [[Stem]] = {
    var table = [[Stem]](repeating: [], count: 256)
    func add(_ follow: Stem.Follow, _ words: String...) {
      for word in words {
        let text = Array(word.utf8)
        table[Int(text[0])].append(Stem(text: text, follow: follow))
      }
    }
    add(.colonOrVerb, "answer", "option", "choice", "antwort", "antwoord", "respuesta", "risposta", "resposta")
    add(.colonOrVerb, "réponse", "svaret", "svar", "cevap", "jawaban", "ответ", "Ответ", "ОТВЕТ", "odpowiedź")
    add(.colonOrVerb, "答案", "选项", "選項", "答え", "正解", "정답", "답", "đáp án", "Đáp án", "الجواب", "उत्तर")
    add(.verb, "result", "solutions", "roots", "answers", "zeros")
    add(.letter, "选", "選", "选择", "選擇")
    return table
  }()

  /// Verbs after the word for "answer", longer ones first.
  private static let verbs = [
    "lautet", "would be", "must be", "are", "ist", "est", "sont", "is", "es", "är", "è", "é", "是", "为", "為", "は", "은",
    "=",
  ].map { Array($0.utf8) }

  /// Adjectives that stand behind their noun.
  private static let adjectives = ["correcta ", "correcte ", "corretta ", "correta ", "finale ", "final "].map {
    Array($0.utf8)
  }

  /// For each rank, the place behind the last phrase of it.
  static func places(in bytes: [UInt8]) -> [Int?] {
    var places = [Int?](repeating: nil, count: Rank.allCases.count)
    for index in bytes.indices {
      let first = folded(bytes[index])
      if first == 10, let place = letterA(bytes, at: index) { places[Rank.letter.rawValue] = place }
      if index == 0, bytes.starts(with: "A:".utf8) { places[Rank.letter.rawValue] = 2 }
      for stem in stems[Int(first)] {
        guard let end = match(stem.text, bytes, at: index), !isInsideWord(bytes, at: index),
          let (rank, place) = announcement(stem, bytes, from: index, end)
        else { continue }
        places[rank.rawValue] = place
      }
    }
    return places
  }

  private static func folded(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

  private static func match(_ text: [UInt8], _ bytes: [UInt8], at index: Int) -> Int? {
    guard index + text.count <= bytes.count else { return nil }
    for (offset, byte) in text.enumerated() where folded(bytes[index + offset]) != byte && bytes[index + offset] != byte
    {
      return nil
    }
    return index + text.count
  }

  private static func isInsideWord(_ bytes: [UInt8], at index: Int) -> Bool {
    guard index > 0, bytes[index] < 128 else { return false }
    let before = folded(bytes[index - 1])
    return before >= 97 && before <= 122
  }

  /// "A:" at the beginning of a line.
  private static func letterA(_ bytes: [UInt8], at index: Int) -> Int? {
    bytes[(index + 1)...].starts(with: "A:".utf8) ? index + 3 : nil
  }

  private static func announcement(
    _ stem: Stem, _ bytes: [UInt8], from start: Int, _ end: Int
  ) -> (Rank, Int)? {
    let isFinal = isFinal(bytes, before: start)
    var place = skip(bytes, from: end, " *_`)\"")
    if let adjective = adjectives.lazy.compactMap({ match($0, bytes, at: place) }).first {
      place = skip(bytes, from: adjective, " *_")
    }
    switch stem.follow {
    case .letter:
      let letter = skip(bytes, from: colon(bytes, at: place) ?? place, " (*")
      return letter < bytes.count && bytes[letter] >= 65 && bytes[letter] <= 74 ? (.is, letter) : nil
    case .verb: return verb(bytes, at: place).map { (.result, $0) }
    case .colonOrVerb:
      if let colon = colon(bytes, at: place) { return (isFinal ? .final : .colon, colon) }
      if let verb = verb(bytes, at: place) {
        if isFinal { return (.finalIs, verb) }
        return colon(bytes, at: skip(bytes, from: verb, " ")).map { (.isColon, $0) } ?? (.is, verb)
      }
      return isLabelAlone(bytes, from: start, place) ? (.colon, place) : nil
    }
  }

  private static func isFinal(_ bytes: [UInt8], before start: Int) -> Bool {
    for word in ["final ", "最终"] where start >= word.utf8.count {
      if match(Array(word.utf8), bytes, at: start - word.utf8.count) != nil { return true }
    }
    return false
  }

  private static func skip(_ bytes: [UInt8], from start: Int, _ marks: String) -> Int {
    var index = start
    while index < bytes.count, index - start < 8, marks.utf8.contains(bytes[index]) { index += 1 }
    return index
  }

  private static func colon(_ bytes: [UInt8], at index: Int) -> Int? {
    guard index < bytes.count else { return nil }
    if bytes[index] == UInt8(ascii: ":") { return index + 1 }
    return match(Array("：".utf8), bytes, at: index)
  }

  private static func verb(_ bytes: [UInt8], at index: Int) -> Int? {
    for verb in verbs {
      guard let end = match(verb, bytes, at: index) else { continue }
      // "is", not "isn't"
      let next = end < bytes.count ? folded(bytes[end]) : 32
      if verb[0] >= 128 || next < 97 || next > 122 { return end }
    }
    return nil
  }

  /// Whether "Answer" is all of a heading or a bold line; the answer then stands below it.
  private static func isLabelAlone(_ bytes: [UInt8], from start: Int, _ end: Int) -> Bool {
    guard end < bytes.count, bytes[end] == 10, bytes[start...].prefix(6).count == 6 else { return false }
    var index = isFinal(bytes, before: start) && bytes[start] < 128 ? start - 6 : start
    var hasMark = false
    while index > 0, bytes[index - 1] != 10 {
      guard " *#_".utf8.contains(bytes[index - 1]) else { return false }
      hasMark = hasMark || bytes[index - 1] != 32
      index -= 1
    }
    return hasMark
  }
}
