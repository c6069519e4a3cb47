/// What llama.cpp makes do with, and writes to its log alone.
extension GGUFHeader {
  /// Sentences for a user.
  var warnings: [String] {
    var warnings: [String] = []
    let isBytePair = ["gpt2", "hybriddna", "whitespace"].contains(text("tokenizer.ggml.model"))
    if isBytePair, text("tokenizer.ggml.pre") == nil {
      warnings.append(
        "The file names no pre-tokenizer (tokenizer.ggml.pre), so that text may be split otherwise than in training, "
          + "and the model writes worse. Convert it again with a current converter.")
    }
    if text("tokenizer.chat_template") ?? "" == "", !namedTemplates.isEmpty {
      warnings.append(
        "The file has chat templates for special uses only (\(namedTemplates.sorted().joined(separator: ", "))), "
          + "so that it is prompted as a base model.")
    }
    return warnings
  }
}
