import Foundation
import TandemInference
import Testing

@testable import TandemLlama

/// Files on which llama.cpp would end the process, or never come to an end. Each test runs in a process of its own.
@Suite(.timeLimit(.minutes(20))) struct `The guard in front of llama.cpp` {
  @Test(arguments: [1, 2, 4, 8, 16, 32, 64]) func `refuses weights that are not aligned`(alignment: Int) async {
    await #expect(processExitsWith: .success) { [alignment] in
      var image = try GGUFImage.nanoSmall()
      image.set("general.alignment", 4, GGUFImage.little(UInt32(alignment)))
      let error = await fault(try Scratch.file(image.bytes(alignment: max(alignment, 32))))
      let file = alignment < 32 ? "model-invalid" : nil
      // The tensors of this file lie at multiples of 32 only.
      #expect(alignment == 64 || error?.code == file)
      #expect(alignment >= 32 || error?.description.contains("aligned to \(alignment) bytes") == true)
    }
  }

  @Test(
    arguments: [
      ("blk.0.ffn_up.weight", 25, "I16"), ("token_embd.weight", 25, "I16"), ("blk.0.ffn_norm.weight", 26, "I32"),
      ("output_norm.weight", 26, "I32"), ("blk.1.attn_q.weight", 25, "I16"),
    ] as [(String, UInt32, String)])
  func `refuses numbers that a tensor of its kind can't have`(tensor: String, type: UInt32, name: String) async {
    await #expect(processExitsWith: .success) { [tensor, type, name] in
      var image = try GGUFImage.nanoSmall()
      image.setType(of: tensor, type)
      let error = await fault(try Scratch.file(image.bytes()))
      #expect(error?.code == "model-invalid")
      #expect(
        error?.description.contains("\(tensor) is in \(name.lowercased())") == true, "\(String(describing: error))")
    }
  }

  @Test func `refuses them in adapters too`() async {
    await #expect(processExitsWith: .success) {
      var image = GGUFImage([UInt8](try Data(contentsOf: URL(filePath: Models.lora))))
      for tensor in image.tensors where tensor.type == 0 {
        var changed = image
        changed.setType(of: tensor.name, 26)
        let path = try Scratch.file(changed.bytes())
        let engine = try await nanoEngine()
        #expect(
          await code { _ = try await engine.makeSession(adapter: Adapter(lora: [.init(path: path)])) }
            == "adapter-invalid")
        await engine.close()
      }
      image.tensors = []
    }
  }

  @Test(arguments: ["rwkv", "t5", "plamo2", "llama", "test", "bert", "none", "whatever", "gpt2", "whitespace"])
  func `refuses a vocabulary under the name of another tokenizer`(tokenizer: String) async {
    await #expect(processExitsWith: .success) { [tokenizer] in
      var image = try GGUFImage.nanoSmall()
      image.set("tokenizer.ggml.model", text: tokenizer)
      let error = await fault(try Scratch.file(image.bytes()))
      #expect(["gpt2", "whitespace"].contains(tokenizer) || error?.code == "model-invalid")
    }
  }

  @Test func `refuses a vocabulary without merges`() async {
    await #expect(processExitsWith: .success) {
      var image = try GGUFImage.nanoSmall()
      image.values.removeAll { $0.key == "tokenizer.ggml.merges" }
      #expect(await fault(try Scratch.file(image.bytes()))?.description.contains("no merges") == true)
    }
  }

  /// More by `scripts/fuzz`.
  @Test(arguments: Fuzzing.seeds) func `lets no changed file end the process`(seed: UInt64) async throws {
    let log: String = FileManager.default.temporaryDirectory.appending(path: "tandem-fuzz-\(seed)").path
    await #expect(processExitsWith: .success) { [seed, log = log as String] in
      let whole = try GGUFImage.nanoSmall()
      var generator = SplitMix64(seed: seed)
      for round in 0..<Fuzzing.count {
        var image = whole
        let change = image.change(with: &generator)
        try "\(round): \(change)".write(toFile: log, atomically: false, encoding: .utf8)
        _ = await fault(try Scratch.file(image.bytes(), "changed"))
      }
      try FileManager.default.removeItem(atPath: log)
    }
    if let last = try? String(contentsOfFile: log, encoding: .utf8) {
      Issue.record("seed \(seed), change \(last)")
    }
  }
}

/// How much is tried: a little in every run of the tests, more by `scripts/fuzz`.
enum Fuzzing {
  static let count = number("TANDEM_FUZZ_COUNT") ?? 1000
  static let seeds: [UInt64] = number("TANDEM_FUZZ_SEED").map { [UInt64($0)] } ?? [1, 2, 3]

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }
}

extension GGUFImage {
  static func nanoSmall() throws -> Self { GGUFImage([UInt8](try Data(contentsOf: URL(filePath: Models.nanoSmall)))) }

  private static let words = [
    "", "llama", "qwen2", "qwen3", "gemma3", "mamba", "rwkv6", "phi3", "deepseek2", "t5", "bert", "gpt2", "rwkv",
    "none",
    "no_vocab", "plamo2", "yarn", "longrope", "linear", "gpt-2", "qwen2", "default", "kimi-k2", "{{ x }}",
  ]

  /// Changes one thing; returns a description of it.
  mutating func change(with generator: inout SplitMix64) -> String {
    func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
    let (value, tensor) = (pick(0..<values.count), pick(0..<tensors.count))
    let extremes: [UInt64] = [0, 1, 2, 3, 255, 65_535, 1 << 31, 1 << 32 - 1, 1 << 40, 1 << 63, .max]
    let extreme = extremes[pick(0..<extremes.count)]
    switch pick(0..<10) {
    case 0, 1:
      let count = values[value].bytes.count
      values[value].bytes = Array((Self.little(extreme) + values[value].bytes.dropFirst(8)).prefix(count))
      return "\(values[value].key) starts with \(extreme)"
    case 2:
      values[value].type = UInt32(pick(0..<14))
      return "\(values[value].key) is of type \(values[value].type)"
    case 3:
      let texts = values.indices.filter { values[$0].type == 8 }
      let (text, word) = (texts[pick(0..<texts.count)], Self.words[pick(0..<Self.words.count)])
      values[text].bytes = Self.text(word)
      return "\(values[text].key) is \(word)"
    case 4:
      return "without \(values.remove(at: value).key)"
    case 5:
      let numbers: [Float] = [.nan, .infinity, -1, 0, -0.0, 1e30, 1e-30]
      let reals = values.indices.filter { values[$0].type == 6 }
      let (real, number) = (reals[pick(0..<reals.count)], numbers[pick(0..<numbers.count)])
      values[real].bytes = Self.little(number.bitPattern)
      return "\(values[real].key) is \(number)"
    case 6, 7:
      // Types of the same size, so that what comes after it still is where it should be.
      let halves: [UInt32] = [1, 25, 30]
      let words: [UInt32] = [0, 26]
      let same = halves.contains(tensors[tensor].type) ? halves : words
      tensors[tensor].type = pick(0..<4) == 0 ? UInt32(pick(0..<42)) : same[pick(0..<same.count)]
      return "\(tensors[tensor].name) is of type \(tensors[tensor].type)"
    case 8:
      let dimension = pick(0..<tensors[tensor].sizes.count)
      tensors[tensor].sizes[dimension] = pick(0..<2) == 0 ? extreme : tensors[tensor].sizes[dimension] / 2
      if pick(0..<2) == 0 { tensors[tensor].sizes.reverse() }
      return "\(tensors[tensor].name) is \(tensors[tensor].sizes)"
    default:
      let place = pick(0..<values[value].bytes.count)
      values[value].bytes[place] ^= 1 << UInt8(pick(0..<8))
      return "\(values[value].key) differs in byte \(place)"
    }
  }
}
