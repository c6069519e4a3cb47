import TandemInference

/// The delimiters of a format in one vocabulary: a model writes them, and a reader does not see them.
struct Delimiters: Sendable {
  /// Those that are tokens of their own. Some vocabularies give these tokens a text.
  let rows: [[Token]]
  /// Those that the vocabulary spells with ordinary tokens.
  let texts: [String]
  /// The one of `texts` that ends the thinking.
  let closing: String?

  init(of format: ReasoningFormat, in tokenizer: any Tokenizer) throws {
    var (rows, texts) = ([[Token]](), [String]())
    for text in [format.opening?.trimmingNewlines, format.closing].compactMap(\.self) where !text.isEmpty {
      let tokens = try tokenizer.encode(text, control: .recognised)
      if tokens.count > 1, tokenizer.decode(tokens) == text { texts.append(text) } else { rows.append(tokens) }
    }
    (self.rows, self.texts) = (rows, texts)
    closing = texts.first { $0 == format.closing }
  }
}

/// Turns the tokens of a thought into what a reader sees: whole characters, without delimiters.
///
/// What may be the beginning of a delimiter is held back until that is certain.
struct VisibleText {
  private let delimiters: Delimiters
  /// The spelled delimiter that ends this part of the turn; what follows it in the same token is dropped.
  private let end: String?
  private var detokenizer: Detokenizer
  private var heldTokens: [Token] = []
  private var heldText = ""
  private var isOver = false

  init(_ tokenizer: any Tokenizer, without delimiters: Delimiters, in segment: Segment) {
    self.delimiters = delimiters
    end = segment == .thinking ? delimiters.closing : nil
    detokenizer = Detokenizer(tokenizer)
  }

  /// Whether the last character is still open.
  var isOpen: Bool { detokenizer.isOpen }

  /// The text that `token` adds.
  mutating func append(_ token: Token) -> String {
    heldTokens.append(token)
    while !heldTokens.isEmpty, !delimiters.rows.contains(where: { $0.starts(with: heldTokens) }) {
      heldText += detokenizer.append(heldTokens.removeFirst())
    }
    if delimiters.rows.contains(heldTokens) { heldTokens = [] }
    return release()
  }

  /// What is left at the end. The bytes of a character that was cut are left out; one that the model broke off itself is
  /// U+FFFD.
  mutating func finish(at ending: Thought.Ending) -> String {
    for token in heldTokens { heldText += detokenizer.append(token) }
    heldTokens = []
    if ending == .endOfTurn || ending == .endOfThinking { heldText += detokenizer.finish() }
    return release(all: true)
  }

  /// Removes and returns the held text without delimiters, up to what may become one.
  private mutating func release(all: Bool = false) -> String {
    guard !delimiters.texts.isEmpty else {
      defer { heldText = "" }
      return heldText
    }
    var (rest, released) = (heldText.unicodeScalars[...], String.UnicodeScalarView())
    while !isOver, let next = rest.first {
      if let found = delimiters.texts.first(where: { rest.starts(with: $0.unicodeScalars) }) {
        rest.removeFirst(found.unicodeScalars.count)
        isOver = found == end
      } else if !all, delimiters.texts.contains(where: { $0.unicodeScalars.starts(with: rest) }) {
        break
      } else {
        released.append(next)
        rest.removeFirst()
      }
    }
    heldText = isOver ? "" : String(rest)
    return String(released)
  }
}

extension Reasoner {
  /// What a reader sees of `tokens`, with which a thought ends.
  func visibleText(of tokens: some Sequence<Token>, in segment: Segment, ending: Thought.Ending) -> String {
    var visible = VisibleText(model.tokenizer, without: delimiters, in: segment)
    let text = tokens.reduce(into: "") { $0 += visible.append($1) }
    return text + visible.finish(at: ending)
  }
}
