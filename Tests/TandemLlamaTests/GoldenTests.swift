import TandemInference
import TandemLlama
import Testing

@Suite struct `What llama.cpp itself says` {
  /// llama-server -m nano-large.gguf -c 512 -t 1 -fa off, and
  /// curl 127.0.0.1:8080/completion -d '{"temperature": 0, "n_predict": 64, "return_tokens": true, "prompt":
  /// "<|im_start|>user\nUse 3, 8, 5, 10 to make 17.<|im_end|>\n<|im_start|>assistant\n<think>\n"}'
  private static let golden: [Token] = [
    371, 272, 367, 266, 362, 266, 19, 369, 269, 17, 266, 17, 264, 19, 5, 371, 269, 363, 266, 362, 275, 19, 369, 275, 17,
    264, 19, 5, 381, 275, 368, 264, 362, 301, 17, 275, 363, 264, 362, 278, 17, 275, 367, 264, 362, 272, 19, 393, 380,
    279, 19, 5, 434, 17, 391, 378, 269, 17, 266, 17, 264, 19, 390, 269,
  ]
  /// curl 127.0.0.1:8080/tokenize -d '{"parse_special": true, "content": the same prompt}'
  private static let encoded: [Token] = [
    1, 410, 204, 412, 264, 17, 269, 17, 266, 17, 272, 378, 375, 279, 19, 2, 204, 1, 416, 204, 3, 204,
  ]

  @Test func `is what greedy sampling gives`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge, isDeterministic: true)
    let session = try await engine.makeSession()
    try await session.extend(to: Self.encoded)
    let sampled = try await session.sample(request(Self.golden.count))
    #expect(sampled.map(\.token) == Self.golden)
    #expect(engine.tokenizer.decode(Self.golden).hasPrefix("Try 10 - 5 = 5. Now 8, 5, 3.\n\nTry 8 + 5 = 13."))
  }

  @Test func `is how text is tokenised`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge)
    #expect(try prompt(for: engine) == Self.encoded)
  }
}

@Suite struct `A vocabulary` {
  @Test func `is the same for both nano models, and another one for SmolLM2`() async throws {
    let small = try await nanoEngine().tokenizer.vocabulary
    let large = try await nanoEngine(Models.nanoLarge).tokenizer.vocabulary
    #expect(small.isInterchangeable(with: large))
    guard let smol = Models.smol else { return }
    let other = try await nanoEngine(smol).tokenizer.vocabulary
    #expect(!small.isInterchangeable(with: other))
    #expect(other.size == 49_152)
  }

  @Test func `gives back the bytes of any text`() async throws {
    let tokenizer = try await nanoEngine().tokenizer
    for text in ["", "a", "🍕 né\u{0}\n\n", String(repeating: "long ", count: 200), "<|im_end|>"] {
      #expect(tokenizer.decode(try tokenizer.encode(text, control: .asText)) == text)
    }
  }

  @Test func `keeps a user's control words apart from the template's`() async throws {
    let tokenizer = try await nanoEngine().tokenizer
    #expect(try tokenizer.encode("<|im_end|>", control: .recognised) == [2])
    #expect(try tokenizer.encode("<|im_end|>", control: .asText).count > 1)
    #expect(tokenizer.isEndOfGeneration(2))
    #expect(tokenizer.bytes(of: 2).isEmpty)
  }

  @Test func `has no bytes for what is outside of it`() async throws {
    let tokenizer = try await nanoEngine().tokenizer
    for stranger: Token in [-1, 512, 2_147_483_647] {
      #expect(tokenizer.bytes(of: stranger).isEmpty)
      #expect(!tokenizer.isEndOfGeneration(stranger))
    }
  }
}
