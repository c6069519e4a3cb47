import TandemTraining
import Testing

@Suite struct `The metadata of a vocabulary` {
  private let vocabulary: BytePairVocabulary

  init() throws {
    vocabulary = try BytePairVocabulary.train(
      on: ["Try 10", "Try 11"], whole: [" 1"], added: NanoFormat.added, size: 280)
  }

  @Test func `says what llama.cpp needs`() {
    let metadata = NanoFormat.metadata(vocabulary)
    #expect(metadata["tokenizer.ggml.model"] == .string("gpt2"))
    #expect(metadata["tokenizer.ggml.pre"] == .string("gpt-2"))
    #expect(
      metadata["tokenizer.ggml.tokens"]?.strings?.prefix(7) == [
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "\n\n", "!",
      ])
    #expect(metadata["tokenizer.ggml.merges"]?.strings?.first == "Ġ 1")
    #expect(metadata["tokenizer.ggml.bos_token_id"] == .uint32(0))
    #expect(metadata["tokenizer.ggml.eos_token_id"] == .uint32(2))
    #expect(metadata["tokenizer.ggml.add_bos_token"] == .bool(false))
    guard case .int32s(let kinds) = metadata["tokenizer.ggml.token_type"] else {
      Issue.record("the types are missing")
      return
    }
    #expect(kinds.prefix(7) == [3, 3, 3, 4, 4, 4, 1] && kinds.last == 5 && kinds.count == 280)
  }

  @Test func `is read back`() throws {
    #expect(try BytePairVocabulary(metadata: vocabulary.metadata) == vocabulary)
  }

  @Test(arguments: [
    ("tokenizer.ggml.model", GGUFValue?.none), ("tokenizer.ggml.model", .string("llama")),
    ("tokenizer.ggml.pre", .string("qwen2")), ("tokenizer.ggml.tokens", nil),
    ("tokenizer.ggml.tokens", .strings(["a"])),
    ("tokenizer.ggml.token_type", .int32s([1, 2])), ("tokenizer.ggml.merges", .strings(["a"])),
    ("tokenizer.ggml.merges", .strings(["a €"])), ("tokenizer.ggml.merges", .strings(["a z"])),
  ])
  func `is refused where it is damaged`(key: String, value: GGUFValue?) {
    var metadata = vocabulary.metadata
    metadata[key] = value
    #expect(throws: VocabularyError.self) { try BytePairVocabulary(metadata: metadata) }
  }
}
