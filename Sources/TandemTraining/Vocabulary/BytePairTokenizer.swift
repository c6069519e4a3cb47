package import TandemInference

/// Encodes and decodes as llama.cpp does with the same vocabulary.
package struct BytePairTokenizer: Tokenizer {
  package let tokens: BytePairVocabulary
  package let vocabulary: Vocabulary
  /// What a merge makes, and how early it comes.
  private let merges: [Pair: (rank: Int, result: Int32)]
  /// The token of each byte.
  private let ids: [Int32]
  private let texts: [[UInt8]]
  /// What is looked for before a text is cut into words, the longest first.
  private let added: [(text: [UInt8], id: Int32, kind: BytePairVocabulary.Kind)]
  private let endings: Set<Int32>
  /// Tokens that no mere text becomes, and those that spell it instead.
  private let markers: Set<Int32>
  private let ordinary: OrdinaryTokens

  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  package init(_ tokens: BytePairVocabulary) {
    self.tokens = tokens
    merges = Dictionary(
      tokens.merges.enumerated().map { (Pair(left: $1.left, right: $1.right), ($0, $1.result)) },
      uniquingKeysWith: { first, _ in first })
    let normal = BytePairVocabulary.ids(of: tokens.tokens)
    ids = (0...255).map { normal[GPT2Bytes.text([UInt8($0)])] ?? 0 }
    texts = tokens.tokens.map { entry in
      switch entry.kind {
      case .normal: GPT2Bytes.bytes(entry.text) ?? []
      case .userDefined: Array(entry.text.utf8)
      case .control, .unused: []
      }
    }
    added = tokens.tokens.enumerated().filter { $1.kind == .control || $1.kind == .userDefined }
      .map { (Array($1.text.utf8), Int32($0), $1.kind) }.sorted { $0.text.count > $1.text.count }
    let endings = Set([tokens.endOfText, tokens.endOfTurn].compactMap(\.self))
    self.endings = endings
    let (texts, entries) = (self.texts, tokens.tokens)
    let markers = endings.union(
      entries.indices.filter { id in
        switch entries[id].kind {
        case .control: true
        case .userDefined: ReasoningMarkers.isMarker(userDefined: texts[id])
        case .normal: ReasoningMarkers.isMarker(ordinary: texts[id])
        case .unused: false
        }
      }.map(Int32.init))
    self.markers = markers
    ordinary = OrdinaryTokens(
      entries.indices.lazy.filter { entries[$0].kind == .normal && !markers.contains(Int32($0)) && !texts[$0].isEmpty }
        .map { (texts[$0], Token(rawValue: Int32($0))) })
    vocabulary = Self.identify(tokens, endings)
  }

  package var beginningOfText: Token? { nil }

  package func bytes(of token: Token) -> [UInt8] {
    texts.indices.contains(Int(token.rawValue)) ? texts[Int(token.rawValue)] : []
  }

  package func isEndOfGeneration(_ token: Token) -> Bool { endings.contains(token.rawValue) }

  package func encode(_ text: String, control: ControlTokens) -> [Token] {
    var found: [Token] = []
    encode(Array(text.utf8)[...], added.filter { control == .recognised || $0.kind == .userDefined }[...]) {
      if control == .asText, markers.contains($0) {
        let text = texts[Int($0)].isEmpty ? Array(tokens.tokens[Int($0)].text.utf8) : texts[Int($0)]
        found += ordinary.spelling(of: text)
      } else {
        found.append(Token(rawValue: $0))
      }
    }
    return found
  }

  /// Cuts `text` at the added tokens, the longest first, and merges what is between them.
  private func encode(
    _ text: ArraySlice<UInt8>, _ added: ArraySlice<(text: [UInt8], id: Int32, kind: BytePairVocabulary.Kind)>,
    _ emit: (Int32) -> Void
  ) {
    guard let token = added.first else {
      for word in GPT2Words(String(decoding: text, as: UTF8.self)) { merge(word, emit) }
      return
    }
    var rest = text
    while let start = rest.firstIndex(of: token.text) {
      encode(rest[..<start], added.dropFirst(), emit)
      emit(token.id)
      rest = rest[(start + token.text.count)...]
    }
    if !rest.isEmpty { encode(rest, added.dropFirst(), emit) }
  }

  /// Applies the earliest merge, the leftmost of several, until none is left.
  private func merge(_ word: ArraySlice<UInt8>, _ emit: (Int32) -> Void) {
    var symbols = word.map { ids[Int($0)] }
    while symbols.count > 1 {
      var best: (place: Int, rank: Int, result: Int32)?
      for place in 1..<symbols.count {
        guard let merge = merges[Pair(left: symbols[place - 1], right: symbols[place])],
          best.map({ merge.rank < $0.rank }) ?? true
        else { continue }
        best = (place, merge.rank, merge.result)
      }
      guard let best else { break }
      symbols[best.place - 1] = best.result
      symbols.remove(at: best.place)
    }
    symbols.forEach(emit)
  }

  /// The fingerprint that `LlamaTokenizer` finds for the same vocabulary.
  private static func identify(_ tokens: BytePairVocabulary, _ endings: Set<Int32>) -> Vocabulary {
    var fingerprint = Fingerprint()
    for (id, entry) in tokens.tokens.enumerated() where entry.kind != .unused {
      fingerprint.combine(stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: id >> $0) })
      fingerprint.combine(UInt8(endings.contains(Int32(id)) ? 1 : 0))
      fingerprint.combine(entry.text.utf8)
    }
    return Vocabulary(size: tokens.tokens.count, fingerprint: fingerprint.value)
  }
}

extension ArraySlice<UInt8> {
  /// Where `needle`, which must not be empty, begins.
  fileprivate func firstIndex(of needle: [UInt8]) -> Int? {
    guard count >= needle.count else { return nil }
    return (startIndex...(endIndex - needle.count)).first {
      self[$0] == needle[0] && self[$0..<($0 + needle.count)].elementsEqual(needle)
    }
  }
}
