/// `tokenizer.json` of a byte-level BPE.
struct TokenizerFile: Encodable {
  let version = "1.0"
  let addedTokens: [AddedToken]
  let splits: PreTokenizer
  let decoder = Step.byteLevel
  let model: Model

  /// A token that is found in a text before it is split; a special one has no text when it is decoded.
  struct AddedToken: Encodable {
    let id: Int
    let content: String
    let special: Bool
    let isWord = false
    let stripsLeft = false
    let stripsRight = false
    let isNormalized = false

    enum CodingKeys: String, CodingKey {
      case id, content, special
      case isWord = "single_word"
      case stripsLeft = "lstrip"
      case stripsRight = "rstrip"
      case isNormalized = "normalized"
    }
  }

  struct Model: Encodable {
    let type = "BPE"
    let vocab: [String: Int]
    let merges: [String]
    let fusesUnknown = false
    let fallsBackToBytes = false
    let ignoresMerges = false

    enum CodingKeys: String, CodingKey {
      case type, vocab, merges
      case fusesUnknown = "fuse_unk"
      case fallsBackToBytes = "byte_fallback"
      case ignoresMerges = "ignore_merges"
    }
  }

  /// A step before or after the model.
  struct Step: Encodable {
    let type: String
    var addsSpace: Bool?
    var trimsOffsets: Bool?
    var usesPattern: Bool?
    var splitsDigits: Bool?
    var steps: [Step]?

    static let byteLevel = Step(type: "ByteLevel", addsSpace: false, trimsOffsets: true, usesPattern: true)
    static let digits = Step(type: "Digits", splitsDigits: true)

    enum CodingKeys: String, CodingKey {
      case type
      case addsSpace = "add_prefix_space"
      case trimsOffsets = "trim_offsets"
      case usesPattern = "use_regex"
      case splitsDigits = "individual_digits"
      case steps = "pretokenizers"
    }
  }

  enum CodingKeys: String, CodingKey {
    case version, decoder, model
    case addedTokens = "added_tokens"
    case splits = "pre_tokenizer"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(version, forKey: .version)
    try container.encode(addedTokens, forKey: .addedTokens)
    switch splits {
    case .gpt2: try container.encode(Step.byteLevel, forKey: .splits)
    case .smollm:
      try container.encode(Step(type: "Sequence", steps: [.digits, .byteLevel]), forKey: .splits)
    }
    try container.encode(decoder, forKey: .decoder)
    try container.encode(model, forKey: .model)
  }
}
