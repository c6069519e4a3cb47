import TandemInference

/// Faults on which llama.cpp would end the process instead of reporting them, found before it is asked to load the file.
///
/// Not guarded, because it can't be done from here: asserts of single architectures other than Llama's about shapes of their own,
/// a file that is cut short or rewritten while it is mapped (SIGBUS), and memory that the system promises and then has
/// not.
extension GGUFHeader {
  /// What is wrong with a model; nil if llama.cpp can load it or say why not.
  func modelFault(architecture: String) -> String? {
    shapeFault(architecture) ?? epsilonFault() ?? tensorFault() ?? vocabularyFault(architecture)
  }

  /// What is wrong with a LoRA adapter: llama.cpp reads these values without asking for their type.
  func adapterFault() -> String? {
    guard text("general.type") == "adapter", text("adapter.type") == "lora" else { return "it is not a LoRA adapter" }
    let hasTypes = text("general.architecture") != nil && (real("adapter.lora.alpha") ?? 1).isFinite
    guard hasTypes, !has("adapter.lora.alpha") || real("adapter.lora.alpha") != nil else {
      return "its metadata are of the wrong type"
    }
    return tensorFault()
  }

  /// Weights lie at multiples of 32 bytes; matrices must be of a type that can be multiplied, and all else in F32.
  func tensorFault() -> String? {
    guard alignment >= 32 else { return "its weights are aligned to \(alignment) bytes, and must be to 32 or more" }
    for tensor in tensors where !(tensor.isMatrix ? tensor.canBeMultiplied : tensor.isFloat32) {
      return "its tensor \(tensor.name) is in \(tensor.typeName), and a tensor of its kind can't be"
    }
    return nil
  }

  /// The asserts of llama_model_base::load_hparams, in its order.
  private func shapeFault(_ architecture: String) -> String? {
    func value(_ key: String) -> Int { number("\(architecture).\(key)") ?? 0 }
    let layers = value("block_count")
    if has("\(architecture).block_count"), !(1...512).contains(layers) { return "it has \(layers) layers" }
    // Products of sizes are 32 bits wide there: an absurd one can wrap around to the right one.
    for key in ["attention.head_count", "attention.head_count_kv", "attention.key_length", "attention.value_length"]
    where value(key) > 65_536 {
      return "its \(architecture).\(key) is \(value(key))"
    }
    for key in ["embedding_length", "feed_forward_length", "vocab_size", "rope.dimension_count"]
    where value(key) > 1 << 24 {
      return "its \(architecture).\(key) is \(value(key))"
    }
    guard value("nextn_predict_layers") <= layers else { return "it predicts with more layers than it has" }
    let (experts, used) = (value("expert_count"), value("expert_used_count"))
    let (groups, usedGroups) = (value("expert_group_count"), value("expert_group_used_count"))
    guard experts <= 1024, used <= experts, groups == 0 || groups < experts else {
      return "it has \(experts) experts, and uses \(used) of them in \(groups) groups"
    }
    // An array of counts, one for each layer, is left to llama.cpp.
    let countsByLayer = has("\(architecture).expert_used_count") && number("\(architecture).expert_used_count") == nil
    guard experts == 0 || used > 0 || countsByLayer else { return "it uses none of its experts" }
    if groups > 1, experts % groups != 0 || !(1..<groups).contains(usedGroups) {
      return "its \(experts) experts are in \(groups) groups, of which it uses \(usedGroups)"
    }
    let scaling = text("\(architecture).rope.scaling.type") ?? "linear"
    guard ["none", "linear", "yarn", "longrope"].contains(scaling) else {
      return "llama.cpp does not know its position scaling \"\(scaling)\""
    }
    return nil
  }

  /// Normalisation aborts on an epsilon below zero, and not before it is computed.
  private func epsilonFault() -> String? {
    for key in keys where key.hasSuffix("epsilon") {
      guard let value = real(key), !(value >= 0 && value.isFinite) else { continue }
      return "its \(key) is \(value)"
    }
    return nil
  }

  private func vocabularyFault(_ architecture: String) -> String? {
    let kind = text("tokenizer.ggml.model")
    if kind == "bert" { return "it is an encoder, not a language model" }
    guard let kind, kind != "no_vocab", kind != "none" else { return "it has no vocabulary" }
    var seen = Set<UInt64>(minimumCapacity: forEachText(of: "tokenizer.ggml.tokens") { _, _ in false } ?? 0)
    var bytes = Set<UInt8>()
    var twice: String?
    let count = forEachText(of: "tokenizer.ggml.tokens") { index, text in
      var fingerprint = Fingerprint()
      // llama.cpp's own name for an empty one.
      if text.isEmpty { fingerprint.combine("[EMPTY_\(index)]".utf8) } else { fingerprint.combine(text) }
      if let byte = Self.byte(of: text) { bytes.insert(byte) }
      // GGML_ASSERT(id_to_token.size() == token_to_id.size())
      if !seen.insert(fingerprint.value).inserted { twice = String(decoding: text, as: UTF8.self) }
      return twice == nil
    }
    guard let count, count > 0 else { return "it has no vocabulary" }
    if let twice { return "its vocabulary has two tokens \"\(twice)\"" }
    // The SentencePiece tokenizer throws, through C, if a byte of the text has no token.
    guard !["llama", "plamo2"].contains(kind) || bytes.count == 256 else {
      return "its vocabulary has no tokens for \(256 - bytes.count) of 256 bytes"
    }
    return tokenizerFault(kind, architecture)
  }

  /// A tokenizer that works on a vocabulary made for another one may fail in ways that are not errors: that of RWKV never
  /// ends.
  private func tokenizerFault(_ kind: String, _ architecture: String) -> String? {
    switch kind {
    case "gpt2", "hybriddna", "whitespace", "gemma4":
      // Kimi-K2 has no merges.
      let hasMerges = forEachText(of: "tokenizer.ggml.merges") { _, _ in false } != nil
      return hasMerges || text("tokenizer.ggml.pre") == "kimi-k2" ? nil : "its tokenizer \(kind) has no merges"
    case "llama", "t5":
      return hasNumbers("tokenizer.ggml.scores") ? nil : "its tokenizer \(kind) has no scores"
    case "rwkv", "plamo2":
      let family = String(kind.prefix { $0.isLetter })
      return architecture.contains(family)
        ? nil : "its tokenizer is that of \(family) models, and its architecture is \(architecture)"
    default: return "its tokenizer \"\(kind)\" is not one of a language model that llama.cpp can run"
    }
  }

  /// The byte that a token of a SentencePiece vocabulary stands for: "<0x0A>", or the character itself.
  private static func byte(of text: UnsafeRawBufferPointer) -> UInt8? {
    if text.count == 1 { return text[0] }
    guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else { return nil }
    return UInt8(String(decoding: text[3...4], as: UTF8.self), radix: 16)
  }
}
