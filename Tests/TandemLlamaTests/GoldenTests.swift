import TandemInference
import TandemLlama
import Testing

@Suite struct `What llama.cpp itself says` {
  /// llama-server -m nano-large.gguf -c 512 -t 1 -fa off, and
  /// curl 127.0.0.1:8080/completion -d '{"temperature": 0, "n_predict": 64, "return_tokens": true, "prompt":
  /// "<|im_start|>user\nUse 3, 8, 5, 10 to make 17.<|im_end|>\n<|im_start|>assistant\n<think>\n"}'
  private static let golden: [Token] = [
    282, 278, 276, 267, 263, 267, 19, 279, 270, 17, 267, 17, 265, 19, 5, 282, 270, 277, 265, 263, 318, 19, 279, 318, 17,
    267, 19, 5, 293, 318, 272, 267, 263, 380, 17, 318, 276, 267, 263, 347, 19, 305, 292, 341, 19, 5, 365, 17, 303, 290,
    270, 17, 267, 17, 265, 19, 302, 270, 272, 267, 263, 317, 19, 279,
  ]
  /// curl 127.0.0.1:8080/tokenize -d '{"parse_special": true, "content": the same prompt}'
  private static let encoded: [Token] = [
    1, 329, 204, 331, 265, 17, 270, 17, 267, 17, 278, 290, 288, 341, 19, 2, 204, 1, 335, 204, 3, 204,
  ]

  @Test func `is what greedy sampling gives`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge, isDeterministic: true)
    let session = try await engine.makeSession()
    try await session.extend(to: Self.encoded)
    let sampled = try await session.sample(request(Self.golden.count))
    #expect(sampled.map(\.token) == Self.golden)
    #expect(engine.tokenizer.decode(Self.golden).hasPrefix("Try 10 - 5 = 5. Now 8, 5, 3.\n\nTry 8 * 3 = 24."))
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
