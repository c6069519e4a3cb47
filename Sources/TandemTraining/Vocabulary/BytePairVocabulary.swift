/// The tokens of a byte-level BPE vocabulary (Sennrich et al. 2016; Radford et al. 2019), and how they are put together.
package struct BytePairVocabulary: Sendable, Hashable {
  /// By id; as many as the embedding matrix has rows.
  package let tokens: [Entry]
  /// From the first to be applied to the last.
  package let merges: [Merge]

  package struct Entry: Sendable, Hashable {
    /// In GPT-2's byte alphabet for a normal token, plain for any other.
    package let text: String
    package let kind: Kind

    package init(_ text: String, _ kind: Kind) {
      self.text = text
      self.kind = kind
    }
  }

  /// The numbers are those of `tokenizer.ggml.token_type`.
  package enum Kind: Int32, Sendable, Hashable, CaseIterable {
    case normal = 1
    /// Never part of a text: where a turn begins and ends.
    case control = 3
    /// Found in a text before it is cut into words.
    case userDefined = 4
    /// A row without a token.
    case unused = 5
  }

  /// Two tokens that become one, all three by id.
  package struct Merge: Sendable, Hashable {
    package let left: Int32
    package let right: Int32
    package let result: Int32
  }

  init(tokens: [Entry], merges: [Merge]) {
    self.tokens = tokens
    self.merges = merges
  }

  /// Reads a vocabulary as GGUF files hold it.
  ///
  /// - Parameters:
  ///   - tokens: `tokenizer.ggml.tokens`.
  ///   - kinds: `tokenizer.ggml.token_type`; as many as tokens.
  ///   - merges: `tokenizer.ggml.merges`: "Ġ 1".
  ///
  /// Throws `VocabularyError` if these do not fit together, or a byte has no token.
  package init(tokens: [String], kinds: [Kind], merges: [String]) throws(VocabularyError) {
    guard kinds.count == tokens.count else {
      throw VocabularyError("There are \(tokens.count) tokens and \(kinds.count) kinds of them; each needs one.")
    }
    let entries = zip(tokens, kinds).map { Entry($0, $1) }
    let ids = Self.ids(of: entries)
    if let byte = GPT2Bytes.sorted.first(where: { ids[GPT2Bytes.text([$0])] == nil }) {
      throw VocabularyError("Byte \(byte) has no token; each of the 256 needs one.")
    }
    var read: [Merge] = []
    for (rank, merge) in merges.enumerated() {
      let parts = merge.split(separator: " ").map(String.init)
      guard parts.count == 2, let left = ids[parts[0]], let right = ids[parts[1]], let result = ids[parts.joined()]
      else {
        throw VocabularyError("Merge \(rank), '\(merge)', should be two tokens and make a third one.")
      }
      read.append(Merge(left: left, right: right, result: result))
    }
    self.init(tokens: entries, merges: read)
  }

  /// The normal tokens by their text.
  static func ids(of entries: [Entry]) -> [String: Int32] {
    var ids: [String: Int32] = [:]
    for (id, entry) in entries.enumerated() where entry.kind == .normal { ids[entry.text] = Int32(id) }
    return ids
  }

  /// The token whose text is `text`, of any kind; nil if there is none.
  package func id(of text: String) -> Int32? { tokens.firstIndex { $0.text == text }.map(Int32.init) }
}

/// Why a vocabulary can't be made or read, in a sentence.
package struct VocabularyError: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
