extension BytePairVocabulary {
  /// Where a text ends. A model of conversations ends with a turn.
  package static let endOfTextName = "<|endoftext|>"
  package static let startOfTurnName = "<|im_start|>"
  package static let endOfTurnName = "<|im_end|>"

  var endOfText: Int32? { id(of: Self.endOfTextName) }
  var endOfTurn: Int32? { id(of: Self.endOfTurnName) }

  /// What a GGUF file says of its tokenizer.
  package var metadata: [String: GGUFValue] {
    var values: [String: GGUFValue] = [
      "tokenizer.ggml.model": .string("gpt2"),
      "tokenizer.ggml.pre": .string("gpt-2"),
      "tokenizer.ggml.tokens": .strings(tokens.map(\.text)),
      "tokenizer.ggml.token_type": .int32s(tokens.map(\.kind.rawValue)),
      "tokenizer.ggml.merges": .strings(merges.map { "\(tokens[Int($0.left)].text) \(tokens[Int($0.right)].text)" }),
      "tokenizer.ggml.add_bos_token": .bool(false),
    ]
    values["tokenizer.ggml.bos_token_id"] = endOfText.map { .uint32(UInt32($0)) }
    values["tokenizer.ggml.eos_token_id"] = endOfTurn.map { .uint32(UInt32($0)) }
    return values
  }

  /// Reads the vocabulary of a GGUF file from its metadata.
  ///
  /// Throws `VocabularyError` if it is missing, damaged, or of another kind than GPT-2's.
  package init(metadata: [String: GGUFValue]) throws(VocabularyError) {
    for (key, known) in [("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "gpt-2")] {
      guard metadata[key] == .string(known) else {
        throw VocabularyError(
          "Only vocabularies with \(key) \(known) can be read, not with \(metadata[key], or: "none").")
      }
    }
    guard case .strings(let tokens) = metadata["tokenizer.ggml.tokens"],
      case .int32s(let numbers) = metadata["tokenizer.ggml.token_type"],
      case .strings(let merges) = metadata["tokenizer.ggml.merges"]
    else {
      throw VocabularyError("The metadata should have tokenizer.ggml.tokens, .token_type and .merges.")
    }
    var kinds: [Kind] = []
    for (id, number) in numbers.enumerated() {
      guard let kind = Kind(rawValue: number) else {
        throw VocabularyError("Token \(id) has the type \(number); 1, 3, 4 and 5 are known.")
      }
      kinds.append(kind)
    }
    try self.init(tokens: tokens, kinds: kinds, merges: merges)
  }
}

extension DefaultStringInterpolation {
  fileprivate mutating func appendInterpolation(_ value: GGUFValue?, or none: String) {
    appendLiteral(value.map { $0.string ?? "\($0)" } ?? none)
  }
}
