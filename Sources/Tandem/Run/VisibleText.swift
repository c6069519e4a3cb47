import TandemInference

/// The delimiters of a format in one vocabulary: a model writes them, and a reader does not see them.
struct Delimiters: Sendable {
  /// Those that are tokens of their own. Some vocabularies give these tokens a text.
  let rows: [[Token]]
  /// Those that the vocabulary spells with ordinary tokens.
  let texts: [String]
  /// The one of `texts` that ends the thinking.
  let closing: String?
  /// The one of `rows` that ends the thinking.
  let closingRow: [Token]?
  /// No delimiter that a limit can cut has more tokens.
  let longest: Int
  /// Control tokens that a reader of the answer sees, with their texts.
  let shown: [Token: String]
  private let isMarked: Bool

  /// - Parameter controls: The texts of control tokens that a reader of the answer sees.
  init(of format: ReasoningFormat, in tokenizer: any Tokenizer, showing controls: [String] = []) throws {
    var (rows, texts) = ([[Token]](), [String]())
    for text in [format.opening?.trimmingNewlines, format.closing].compactMap(\.self) where !text.isEmpty {
      let tokens = try tokenizer.encode(text, control: .recognised)
      if tokens.count > 1, tokenizer.decode(tokens) == text { texts.append(text) } else { rows.append(tokens) }
    }
    (self.rows, self.texts) = (rows, texts)
    closing = texts.first { $0 == format.closing }
    closingRow = closing == nil && format.closing?.isEmpty == false ? rows.last : nil
    longest = (rows.map(\.count).filter { $0 > 1 } + texts.map(\.utf8.count)).max() ?? 0
    isMarked = format.closing != nil
    var shown: [Token: String] = [:]
    for text in controls {
      let tokens = try tokenizer.encode(text, control: .recognised)
      if tokens.count == 1, tokenizer.bytes(of: tokens[0]).isEmpty { shown[tokens[0]] = text }
    }
    self.shown = shown
  }

  /// Whether control tokens are shown in `segment`: a model that does not mark its thinking answers within it.
  func showsControls(in segment: Segment) -> Bool { segment == .answer || !isMarked }
}

/// Turns the tokens of a thought into what a reader sees: whole characters, without delimiters.
///
/// What may be the beginning of a delimiter is held back until that is certain, if need be until the next thought.
struct VisibleText {
  private let delimiters: Delimiters
  /// The spelled delimiter that ends this part of the turn; what follows it in the same token is dropped.
  private let end: String?
  private let endRow: [Token]?
  private let shown: [Token: String]
  private var detokenizer: Detokenizer
  private var heldTokens: [Token] = []
  private var heldText = ""
  /// Whether the thinking has been ended.
  private(set) var isOver = false

  /// - Parameter earlier: The tokens before these, with which a delimiter may begin.
  init(
    _ tokenizer: any Tokenizer, without delimiters: Delimiters, in segment: Segment, after earlier: [Token] = []
  ) {
    self.delimiters = delimiters
    end = segment == .thinking ? delimiters.closing : nil
    endRow = segment == .thinking ? delimiters.closingRow : nil
    shown = delimiters.showsControls(in: segment) ? delimiters.shown : [:]
    detokenizer = Detokenizer(tokenizer)
    for token in earlier { _ = append(token) }
    isOver = false
    guard !mayBeginDelimiter else { return }
    (heldText, detokenizer) = ("", Detokenizer(tokenizer))
  }

  /// Whether the last character is still open.
  var isOpen: Bool { detokenizer.isOpen }

  /// Whether what came last may be the beginning of a delimiter.
  var mayBeginDelimiter: Bool { !heldTokens.isEmpty || (!heldText.isEmpty && !isOpen) }

  /// The text that `token` adds.
  mutating func append(_ token: Token) -> String {
    heldTokens.append(token)
    while !heldTokens.isEmpty, !delimiters.rows.contains(where: { $0.starts(with: heldTokens) }) {
      heldText += text(of: heldTokens.removeFirst())
    }
    if delimiters.rows.contains(heldTokens) {
      isOver = isOver || heldTokens == endRow
      heldTokens = []
    }
    return release()
  }

  /// Drops the beginning of a delimiter, here and at the end of `tokens`: the model does not continue. A token that begins
  /// before it gives way to the text before it.
  mutating func dropCutDelimiter(from tokens: inout [Token], of tokenizer: any Tokenizer) throws(EngineError) {
    guard mayBeginDelimiter else { return }
    guard heldTokens.isEmpty else {
      tokens.removeLast(min(heldTokens.count, tokens.count))
      return heldTokens = []
    }
    let cut = heldText.utf8.count
    heldText = ""
    var bytes: [UInt8] = []
    while bytes.count < cut || bytes.first?.continuesCharacter == true, let token = tokens.popLast() {
      bytes = tokenizer.bytes(of: token) + bytes
    }
    guard bytes.count > cut else { return }
    tokens += try tokenizer.encode(String(decoding: bytes.dropLast(cut), as: UTF8.self), control: .asText)
  }

  /// What is left at the end. The bytes of a character that was cut are left out, and so is the beginning of a delimiter;
  /// a character that the model broke off itself is U+FFFD.
  mutating func finish(at ending: Thought.Ending) -> String {
    if ending == .limit, mayBeginDelimiter { return "" }
    for token in heldTokens { heldText += text(of: token) }
    heldTokens = []
    if ending == .endOfTurn || ending == .endOfThinking { heldText += detokenizer.finish() }
    return release(all: true)
  }

  private mutating func text(of token: Token) -> String {
    shown[token].map { detokenizer.finish() + $0 } ?? detokenizer.append(token)
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
  /// The tokens at the end of `chain` with which a delimiter may begin, because a limit cut it.
  func cutDelimiter(of chain: Chain) -> [Token] {
    var tokens: [Token] = []
    for thought in chain.thoughts.reversed() {
      guard tokens.count < delimiters.longest, thought.segment == chain.segment, thought.ending == .limit,
        thought.author != .inserted
      else { break }
      tokens = (thought.tokens[vocabulary] ?? []) + tokens
    }
    return tokens.suffix(delimiters.longest)
  }

  /// What a reader sees of `tokens`, with which a thought ends.
  func visibleText(of tokens: some Sequence<Token>, in segment: Segment, ending: Thought.Ending) -> String {
    var visible = VisibleText(model.tokenizer, without: delimiters, in: segment)
    let text = tokens.reduce(into: "") { $0 += visible.append($1) }
    return text + visible.finish(at: ending)
  }
}
