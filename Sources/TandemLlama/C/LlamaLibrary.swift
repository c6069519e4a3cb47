import CLlama

/// What llama.cpp this is.
public enum LlamaLibrary {
  /// Its version, as it says itself.
  public static var version: String { String(cString: llama_version()) }

  /// The processor features it was built for: "AVX512", "NEON", …
  public static var features: [String] {
    LlamaBackend.start()
    return String(cString: llama_print_system_info()).split(separator: "|").compactMap { part in
      let words = part.split(separator: " ")
      guard words.count >= 3, words[words.count - 1] == "1" else { return nil }
      return words[words.count - 3].replacing(":", with: "").description
    }
  }
}
