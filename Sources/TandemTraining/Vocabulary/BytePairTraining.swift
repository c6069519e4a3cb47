extension BytePairVocabulary {
  /// Learns a vocabulary from texts (Sennrich et al. 2016): the two neighbouring tokens that occur together most often
  /// become one, again and again.
  ///
  /// Of pairs that are equally frequent, the one with the lowest id on the left is taken, then the lowest on the right:
  /// the result depends on nothing but the arguments, not even on the order of the texts.
  ///
  /// - Parameters:
  ///   - texts: Without added tokens in them.
  ///   - whole: Words that become one token each, however rare they are; a space before a word is part of it. They are
  ///     merged before anything else.
  ///   - added: Get the first ids; the 256 bytes come next.
  ///   - size: How many tokens there are. Where the texts have nothing left to merge, the rest is unused.
  ///
  /// Throws `VocabularyError` if `size` is too small, or a word of `whole` is more than one by GPT-2's rule.
  package static func train(
    on texts: some Sequence<String>, whole: [String] = [], added: [Entry], size: Int
  ) throws(VocabularyError) -> Self {
    var training = BytePairTraining(added, size)
    guard training.tokens.count <= size else {
      throw VocabularyError(
        "\(added.count) added tokens and 256 bytes need a size of at least \(training.tokens.count), not \(size).")
    }
    for word in whole where Array(GPT2Words(word)).count != 1 {
      throw VocabularyError("'\(word)' can't be one token: GPT-2 cuts it into several words.")
    }
    guard training.merge(whole.map { (Array($0.utf8), 1) }) else {
      throw VocabularyError("A size of \(size) is too small for \(whole.count) words of one token each.")
    }
    var counts: [[UInt8]: Int] = [:]
    for text in texts { for word in GPT2Words(text) { counts[Array(word), default: 0] += 1 } }
    _ = training.merge(counts.map { ($0.key, $0.value) })
    let unused = (training.tokens.count..<size).map { Entry("<unused\($0)>", .unused) }
    return Self(tokens: training.tokens + unused, merges: training.merges)
  }
}

/// A vocabulary that is growing.
private struct BytePairTraining {
  var tokens: [BytePairVocabulary.Entry]
  var merges: [BytePairVocabulary.Merge] = []
  private let size: Int
  private var ids: [String: Int32]

  private struct Pair: Hashable, Comparable {
    let left: Int32
    let right: Int32

    static func < (a: Self, b: Self) -> Bool { (a.left, a.right) < (b.left, b.right) }
  }

  init(_ added: [BytePairVocabulary.Entry], _ size: Int) {
    self.size = size
    tokens = added + GPT2Bytes.sorted.map { BytePairVocabulary.Entry(GPT2Bytes.text([$0]), .normal) }
    ids = BytePairVocabulary.ids(of: tokens)
  }

  /// Merges until no word has two tokens; false if the vocabulary is full before that.
  mutating func merge(_ words: [(bytes: [UInt8], count: Int)]) -> Bool {
    var words = words.map { (symbols: symbols(of: $0.bytes), count: $0.count) }
    while let pair = mostFrequentPair(in: words) {
      guard let result = token(for: pair) else { return false }
      merges.append(.init(left: pair.left, right: pair.right, result: result))
      for index in words.indices { words[index].symbols.replace(pair.left, pair.right, with: result) }
    }
    return true
  }

  /// The bytes, with what is known already merged.
  private func symbols(of bytes: [UInt8]) -> [Int32] {
    var symbols = bytes.compactMap { ids[GPT2Bytes.text([$0])] }
    for merge in merges { symbols.replace(merge.left, merge.right, with: merge.result) }
    return symbols
  }

  private func mostFrequentPair(in words: [(symbols: [Int32], count: Int)]) -> Pair? {
    var counts: [Pair: Int] = [:]
    for (symbols, count) in words {
      for (left, right) in zip(symbols, symbols.dropFirst()) {
        counts[Pair(left: left, right: right), default: 0] += count
      }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The token that `pair` makes, a new one if there is none yet; nil if there is no room.
  private mutating func token(for pair: Pair) -> Int32? {
    let text = tokens[Int(pair.left)].text + tokens[Int(pair.right)].text
    if let id = ids[text] { return id }
    guard tokens.count < size else { return nil }
    ids[text] = Int32(tokens.count)
    tokens.append(.init(text, .normal))
    return ids[text]
  }
}

extension [Int32] {
  /// Replaces each `left` that `right` follows, from the start.
  fileprivate mutating func replace(_ left: Int32, _ right: Int32, with result: Int32) {
    guard contains(left) else { return }
    var (merged, place) = (Self(), 0)
    while place < count {
      let isPair = self[place] == left && place + 1 < count && self[place + 1] == right
      merged.append(isPair ? result : self[place])
      place += isPair ? 2 : 1
    }
    self = merged
  }
}
