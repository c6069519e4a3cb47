public import TandemInference

/// One token a byte, a few control tokens, and whole words where a test wants them.
///
/// Numbers: bytes, controls, words; `isReversed` counts them from the end, which makes another vocabulary of it, whose
/// ids mean nothing to the first.
public struct ByteTokenizer: Tokenizer {
  /// Its identity.
  public let vocabulary: Vocabulary
  /// The token that a prompt begins with, if there is one.
  public let beginningOfText: Token?
  private let alphabet: [UInt8]
  private let entries: [String]  // controls and words
  private let longestFirst: [Int]
  private let controlCount: Int
  private let isReversed: Bool
  private let endings: Set<Token>

  /// The control tokens unless others are given.
  public static let controls = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", ReasoningMarkers.think.opening, ReasoningMarkers.think.closing,
    "<|bos|>", "<|eot|>",
  ]

  /// - Parameters:
  ///   - words: Texts that are one token each; the longest that fits is taken.
  ///   - controls: The control tokens.
  ///   - endings: Those of `controls` that end a generation.
  ///   - beginningOfText: The one of `controls` that begins every text, if any.
  ///   - alphabet: The bytes of the vocabulary; any other is read as the first of them. A short one makes a model fast.
  ///   - isReversed: Whether the tokens are numbered backwards, so that two tokenizers of the same words disagree.
  public init(
    words: [String] = [], controls: [String] = Self.controls,
    endings: [String] = ["<|im_end|>", "<|endoftext|>"], beginningOfText: String? = nil,
    alphabet: [UInt8] = Array(0...255), isReversed: Bool = false
  ) {
    let entries = controls + words
    self.entries = entries
    longestFirst = entries.indices.filter { !entries[$0].isEmpty }
      .sorted { (entries[$0].utf8.count, $1) > (entries[$1].utf8.count, $0) }
    controlCount = controls.count
    self.alphabet = alphabet
    self.isReversed = isReversed
    let size = alphabet.count + entries.count
    func token(_ text: String?) -> Token? {
      guard let text, let place = controls.firstIndex(of: text) else { return nil }
      return Token(rawValue: Int32(isReversed ? entries.count - 1 - place : alphabet.count + place))
    }
    self.endings = Set(endings.compactMap(token))
    self.beginningOfText = token(beginningOfText)
    var print = Fingerprint()
    for entry in entries { print.combine(entry.utf8) }
    print.combine([isReversed ? 1 : 0])
    print.combine(alphabet)
    for ending in endings { print.combine(ending.utf8) }
    vocabulary = Vocabulary(size: size, fingerprint: print.value)
  }

  public func encode(_ text: String, control: ControlTokens) throws(EngineError) -> [Token] {
    let candidates = control == .recognised ? longestFirst : longestFirst.filter { $0 >= controlCount }
    var rest = Array(text.utf8)[...]
    var tokens: [Token] = []
    while let byte = rest.first {
      if let found = candidates.first(where: { rest.starts(with: entries[$0].utf8) }) {
        tokens.append(token(alphabet.count + found))
        rest.removeFirst(entries[found].utf8.count)
      } else {
        tokens.append(token(alphabet.firstIndex(of: byte) ?? 0))
        rest.removeFirst()
      }
    }
    return tokens
  }

  public func bytes(of token: Token) -> [UInt8] {
    switch number(token) {
    case let number where number < alphabet.count: [alphabet[number]]
    case let number where number < alphabet.count + controlCount: []
    case let number: Array(entries[number - alphabet.count].utf8)
    }
  }

  public func isEndOfGeneration(_ token: Token) -> Bool { endings.contains(token) }

  /// What `token` is written as, control tokens too.
  public func spelling(of token: Token) -> String {
    let number = number(token)
    return number < alphabet.count
      ? String(decoding: [alphabet[number]], as: UTF8.self) : entries[number - alphabet.count]
  }

  /// The token that stands for exactly `text`; nil where it takes several.
  public func token(spelled text: String) -> Token? {
    guard let tokens = try? encode(text, control: .recognised), tokens.count == 1 else { return nil }
    return tokens[0]
  }

  /// The token that ends a turn.
  var endOfTurn: Token { endings.min { $0.rawValue < $1.rawValue } ?? 0 }

  /// The `index`-th of `words`.
  func word(_ index: Int) -> Token { token(alphabet.count + controlCount + index) }

  private func token(_ number: Int) -> Token {
    Token(rawValue: Int32(isReversed ? vocabulary.size - 1 - number : number))
  }

  private func number(_ token: Token) -> Int {
    isReversed ? vocabulary.size - 1 - Int(token.rawValue) : Int(token.rawValue)
  }
}
