/// Watches a generation for the conditions that end it.
///
/// Called for every token: so the conditions are sorted by kind once, and texts are found without the standard library's
/// general search.
package struct StopRule {
  private let tokenizer: any Tokenizer
  private let stopsAtEnd: Bool
  private let limit: Int
  private let completionLimit: Int
  private let tokens: [Token]
  private let rows: [[Token]]
  private let texts: [[UInt8]]
  private let bounds: [EntropyBound]
  private let longestRow: Int
  private let longestText: Int
  /// The end of the text so far: as long as the longest text that is looked for, less one byte.
  private var tail: [UInt8] = []
  /// The last tokens: as many as the longest row that is looked for.
  private var recent: [Token] = []
  /// Those of all tokens, if there is a bound on them.
  private var entropies: [Measured] = []
  /// The last bytes of the text so far, if characters are to be completed.
  private var lastBytes: [UInt8] = []
  /// Why the generation ends as soon as its last character is whole.
  private var due: StopReason?
  /// How many tokens have been drawn since then.
  private var completing = 0
  /// How many tokens have been drawn.
  package private(set) var count = 0
  /// How many more may be.
  package var left: Int { limit - count }

  package init(_ request: GenerationRequest, tokenizer: any Tokenizer) {
    self.tokenizer = tokenizer
    stopsAtEnd = !request.ignoresEndOfGeneration
    limit = request.limit
    completionLimit = request.completionLimit
    tokens = request.stops.compactMap { if case .token(let token) = $0 { token } else { nil } }
    rows = request.stops.compactMap { if case .tokens(let row) = $0 { row } else { nil } }
    texts = request.stops.compactMap { if case .text(let text) = $0 { Array(text.utf8) } else { nil } }
    let size = tokenizer.vocabulary.size
    bounds = request.stops.compactMap {
      if case .entropy(let bound) = $0 { bound.resolved(vocabularySize: size) } else { nil }
    }
    longestRow = rows.map(\.count).max() ?? 0
    longestText = texts.map(\.count).max() ?? 0
  }

  /// Why the generation ends with `sampled`; nil if it continues. Throws `inexact` if a bound can't be checked.
  package mutating func reason(after sampled: SampledToken) throws(EngineError) -> StopReason? {
    count += 1
    if stopsAtEnd && tokenizer.isEndOfGeneration(sampled.token) { return .endOfGeneration }
    if tokens.contains(sampled.token) { return .token(sampled.token) }
    if longestRow > 0, let row = findRow(endingWith: sampled.token) { return .tokens(row) }
    let bytes = longestText > 0 || completionLimit > 0 ? tokenizer.bytes(of: sampled.token) : []
    let reason = try textOrBound(after: sampled, bytes)
    return completionLimit > 0 ? wait(with: reason, after: bytes) : reason
  }

  private mutating func textOrBound(
    after sampled: SampledToken, _ bytes: [UInt8]
  ) throws(EngineError) -> StopReason? {
    if longestText > 0, let text = findText(in: bytes) { return .text(text) }
    if let due { return due }
    if !bounds.isEmpty, try crossesBound(with: sampled.entropy) { return .entropy }
    return count == limit ? .limit : nil
  }

  /// Returns `reason` unless a character is open that the next token may complete.
  private mutating func wait(with reason: StopReason?, after bytes: [UInt8]) -> StopReason? {
    // The first three bytes of a character are the most that can be open.
    lastBytes += bytes
    lastBytes.removeFirst(max(0, lastBytes.count - 3))
    guard let reason, Detokenizer.openBytes(at: lastBytes) > 0 else { return reason }
    if due != nil {
      completing += 1
      guard completing < completionLimit, bytes.first?.continuesCharacter == true else { return reason }
    }
    due = reason
    return nil
  }

  private mutating func crossesBound(with entropy: Measured) throws(EngineError) -> Bool {
    entropies.append(entropy)
    for bound in bounds where try bound.isCrossed(by: entropies) { return true }
    return false
  }

  private mutating func findRow(endingWith token: Token) -> [Token]? {
    recent.append(token)
    recent.removeFirst(max(0, recent.count - longestRow))
    return rows.first { recent.holds($0, before: recent.count) }
  }

  private mutating func findText(in bytes: [UInt8]) -> String? {
    let known = tail.count
    tail += bytes
    // What ended within the old tail was found then.
    for end in known..<tail.count {
      for text in texts where tail.holds(text, before: end + 1) {
        return String(decoding: text, as: UTF8.self)
      }
    }
    tail.removeFirst(max(0, tail.count - longestText + 1))
    return nil
  }
}

extension Array where Element: Equatable {
  /// Whether `other` stands right before `end`.
  fileprivate func holds(_ other: [Element], before end: Int) -> Bool {
    guard other.count <= end else { return false }
    for offset in other.indices where self[end - other.count + offset] != other[offset] { return false }
    return true
  }
}
