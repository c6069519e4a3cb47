/// A line that is being edited, and the lines before it.
struct LineEditor {
  /// The text before the cursor, and the text after it.
  private(set) var (before, after) = ("", "")
  private var history: [String] = []
  /// Which line of the history is shown; the line that is being written comes after all of them.
  private var place = 0
  private var written = ""

  /// What follows from a key.
  enum Result: Hashable {
    case editing
    case entered(String)
    /// Ctrl-C: the line is dropped. True if there was none.
    case interrupted(wasEmpty: Bool)
    /// Ctrl-D on an empty line.
    case ended
  }

  var text: String { before + after }

  mutating func take(_ key: Key) -> Result {
    switch key {
    case .text(let text), .paste(let text): before += text
    case .enter: return .entered(enter())
    case .backspace, .control("h"): _ = before.popLast()
    case .delete: after = String(after.dropFirst())
    case .left, .control("b"): if let last = before.popLast() { after.insert(last, at: after.startIndex) }
    case .right, .control("f"): if !after.isEmpty { before.append(after.removeFirst()) }
    case .home, .control("a"): (before, after) = ("", text)
    case .end, .control("e"): (before, after) = (text, "")
    case .wordLeft: moveToWord()
    case .wordRight:
      let word = after.prefix(while: \.isWhitespace) + after.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
      before += word
      after.removeFirst(word.count)
    case .wordBackspace, .control("w"):
      let kept = after
      moveToWord()
      after = kept
    case .control("u"): before = ""
    case .control("k"): after = ""
    case .up, .control("p"): show(place - 1)
    case .down, .control("n"): show(place + 1)
    case .control("c"):
      let wasEmpty = text.isEmpty
      start()
      return .interrupted(wasEmpty: wasEmpty)
    case .control("d"):
      if text.isEmpty { return .ended }
      after = String(after.dropFirst())
    case .control: break
    }
    return .editing
  }

  private mutating func enter() -> String {
    let line = text
    if !line.allSatisfy(\.isWhitespace), history.last != line { history.append(line) }
    start()
    return line
  }

  private mutating func start() { (before, after, written, place) = ("", "", "", history.count) }

  private mutating func moveToWord() {
    while let last = before.last, last.isWhitespace { after.insert(before.removeLast(), at: after.startIndex) }
    while let last = before.last, !last.isWhitespace { after.insert(before.removeLast(), at: after.startIndex) }
  }

  private mutating func show(_ next: Int) {
    guard next != place, (0...history.count).contains(next) else { return }
    if place == history.count { written = text }
    place = next
    (before, after) = (next < history.count ? history[next] : written, "")
  }
}

extension LineEditor {
  /// The line as it is shown in `width` columns after `prompt`, scrolled so that the cursor is in view, and the column of
  /// the cursor.
  func shown(prompt: String, width: Int) -> (line: String, cursor: Int) {
    var room = max(width - prompt.columns - 1, 1)
    func fits(_ character: Character) -> Bool {
      room -= character.columns
      return room >= 0
    }
    let left = String(before.onOneLine.reversed().prefix(while: fits).reversed())
    let right = after.onOneLine.prefix(while: fits)
    return (prompt + left + right, (prompt + left).columns)
  }
}

extension String {
  /// With a sign for each character that would leave the line.
  fileprivate var onOneLine: String { replacing("\n", with: "⏎").replacing("\t", with: " ") }

  /// How many columns it takes.
  fileprivate var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension Character {
  /// How many columns it takes: two for the wide characters of East Asia and for most emoji.
  fileprivate var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    let isEmoji = scalar.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}")
    return isEmoji || Self.wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks of wide characters (UAX #11).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}
