/// Watches a generation for the conditions that end it.
package struct StopRule {
  private let request: GenerationRequest
  private let tokenizer: any Tokenizer
  private let needles: [[UInt8]]
  /// The end of the text so far: as long as the longest text that is looked for, less one byte.
  private var tail: [UInt8] = []
  /// The last tokens: as many as the longest row that is looked for.
  private var recent: [Token] = []
  private let longestRow: Int
  private var count = 0

  package init(_ request: GenerationRequest, tokenizer: any Tokenizer) {
    self.request = request
    self.tokenizer = tokenizer
    needles = request.stops.compactMap { if case .text(let text) = $0 { Array(text.utf8) } else { nil } }
    longestRow = request.stops.map { if case .tokens(let row) = $0 { row.count } else { 0 } }.max() ?? 0
  }

  /// Why the generation ends with `sampled`; nil where it goes on.
  package mutating func reason(after sampled: SampledToken) -> StopReason? {
    count += 1
    if !request.ignoresEndOfGeneration && tokenizer.isEndOfGeneration(sampled.token) { return .endOfGeneration }
    for case .token(sampled.token) in request.stops { return .token(sampled.token) }
    if let row = findRow(endingWith: sampled.token) { return .tokens(row) }
    if let found = findText(in: sampled.token) { return .text(found) }
    for case .entropy(let threshold) in request.stops where sampled.entropy > threshold { return .entropy }
    return count == request.limit ? .limit : nil
  }

  private mutating func findRow(endingWith token: Token) -> [Token]? {
    guard longestRow > 0 else { return nil }
    recent.append(token)
    recent.removeFirst(max(0, recent.count - longestRow))
    for case .tokens(let row) in request.stops where recent.suffix(row.count) == row[...] { return row }
    return nil
  }

  private mutating func findText(in token: Token) -> String? {
    guard let longest = needles.map(\.count).max() else { return nil }
    tail += tokenizer.bytes(of: token)
    for needle in needles where tail.contains(needle) { return String(decoding: needle, as: UTF8.self) }
    tail.removeFirst(max(0, tail.count - longest + 1))
    return nil
  }
}
