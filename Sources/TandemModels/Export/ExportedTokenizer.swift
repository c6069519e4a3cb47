/// A byte-level BPE vocabulary as `tokenizers` reads it: the ids are those of llama.cpp.
struct ExportedTokenizer {
  private let tokens: [String]
  private let kinds: [Int]
  private let merges: [String]
  private let splits: PreTokenizer
  let chatTemplate: String?
  let startOfText: Int?
  /// The end of a turn first, then the others; at least one.
  let endsOfText: [Int]
  private let padding: Int?
  private let unknown: Int?

  // The kinds of tokens in GGUF files that are not made by merges.
  private static let control = 3
  private static let userDefined = 4

  /// What llama.cpp takes for an end of generation by its text, if the file does not say so.
  private static let knownEnds: Set = [
    "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<|eom_id|>", "<end_of_turn>",
  ]

  /// Throws `ModelError.cannotExport` for a vocabulary of another kind.
  init(_ contents: ModelContents, name: String) throws(ModelError) {
    func fault(_ reason: String) -> ModelError { .cannotExport(name: name, reason: reason) }
    let model = contents.text("tokenizer.ggml.model")
    guard model == "gpt2" else {
      throw fault("its vocabulary is of the kind \(model ?? "none"), and only gpt2 can be exported")
    }
    guard let splits = PreTokenizer(contents.text("tokenizer.ggml.pre") ?? "") else {
      let pre = contents.text("tokenizer.ggml.pre") ?? "none"
      throw fault("its text is split as \(pre), and only gpt-2 and smollm can be exported")
    }
    guard let tokens = contents.texts("tokenizer.ggml.tokens"), let merges = contents.texts("tokenizer.ggml.merges"),
      let kinds = contents.integers("tokenizer.ggml.token_type"), kinds.count == tokens.count
    else { throw fault("its vocabulary is not complete") }
    guard Set(tokens).count == tokens.count else { throw fault("two of its tokens have the same text") }
    guard contents.flag("tokenizer.ggml.add_bos_token") != true else {
      throw fault("it begins every text with a token, which is not supported")
    }
    func id(_ key: String) -> Int? {
      contents.integer("tokenizer.ggml.\(key)_token_id").flatMap { tokens.indices.contains($0) ? $0 : nil }
    }
    let named = ["eos", "eot", "eom"].compactMap(id)
    let known = tokens.indices.filter { kinds[$0] == Self.control && Self.knownEnds.contains(tokens[$0]) }
    endsOfText = named + known.filter { !named.contains($0) }
    guard !endsOfText.isEmpty else { throw fault("it does not say which token ends a text") }
    (self.tokens, self.kinds, self.merges, self.splits) = (tokens, kinds, merges, splits)
    chatTemplate = contents.text("tokenizer.chat_template")
    (startOfText, padding, unknown) = (id("bos"), id("padding"), id("unknown"))
  }

  /// `tokenizer.json`.
  var file: TokenizerFile {
    let added = tokens.indices.filter { [Self.control, Self.userDefined].contains(kinds[$0]) }.map {
      TokenizerFile.AddedToken(id: $0, content: tokens[$0], special: kinds[$0] == Self.control)
    }
    let vocabulary = Dictionary(uniqueKeysWithValues: zip(tokens, tokens.indices))
    return TokenizerFile(addedTokens: added, splits: splits, model: .init(vocab: vocabulary, merges: merges))
  }

  /// `tokenizer_config.json`.
  func configuration(contextLength: Int) -> TokenizerConfiguration {
    func text(_ id: Int?) -> String? { id.map { tokens[$0] } }
    return TokenizerConfiguration(
      contextLength: contextLength, startOfText: text(startOfText), endOfText: tokens[endsOfText[0]],
      padding: text(padding), unknown: text(unknown), chatTemplate: chatTemplate)
  }
}

/// How text is split into the words within which bytes are merged.
enum PreTokenizer: String {
  /// GPT-2's pattern.
  case gpt2 = "gpt-2"
  /// Each digit alone, then GPT-2's pattern.
  case smollm

  init?(_ name: String) { self.init(rawValue: name) }
}

/// `tokenizer_config.json` of a tokenizer that is all in `tokenizer.json`.
struct TokenizerConfiguration: Encodable {
  let tokenizerClass = "PreTrainedTokenizerFast"
  let cleansUpSpaces = false
  let contextLength: Int
  let startOfText: String?
  let endOfText: String
  let padding: String?
  let unknown: String?
  let chatTemplate: String?

  enum CodingKeys: String, CodingKey {
    case tokenizerClass = "tokenizer_class"
    case cleansUpSpaces = "clean_up_tokenization_spaces"
    case contextLength = "model_max_length"
    case startOfText = "bos_token"
    case endOfText = "eos_token"
    case padding = "pad_token"
    case unknown = "unk_token"
    case chatTemplate = "chat_template"
  }
}
