import Foundation
import TandemInference
import Testing

@testable import TandemTraining

/// A model that trains in milliseconds: two key heads for four query heads, so that grouping is tested throughout.
func tinyConfiguration(isTied: Bool = true, vocabularySize: Int = 300) -> LlamaConfiguration {
  LlamaConfiguration(
    vocabularySize: vocabularySize, embeddingLength: 16, blockCount: 2, headCount: 4, keyHeadCount: 2, headLength: 6,
    feedForwardLength: 24, contextLength: 64, isTied: isTied)
}

/// Documents that count up in steps of one or two: the next token can be learnt.
func countingDocuments(_ count: Int = 40, longest: Int = 20, seed: UInt64 = 3) -> [TrainingDocument] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in
    let start = Int32.random(in: 0..<40, using: &generator)
    let stride = Int32.random(in: 1...2, using: &generator)
    let length = Int32.random(in: 4...Int32(longest), using: &generator)
    return TrainingDocument(tokens: (0..<length).map { Token(rawValue: start + $0 * stride) }, promptCount: 2)
  }
}

func tinyOptions(steps: Int = 20, rowLength: Int = 48, rows: Int = 2, batches: Int = 1) -> TrainingOptions {
  TrainingOptions(
    schedule: CosineSchedule(peak: 1e-2, warmUp: 2, steps: steps), rowLength: rowLength, rowsPerBatch: rows,
    batchesPerStep: batches, seed: 5)
}

/// A vocabulary of the 256 bytes in GPT-2's alphabet, `<s>`, `</s>` and words nobody uses, up to `size` tokens.
func byteVocabulary(size: Int = 300) -> [String: GGUFValue] {
  let printable = Array(33...126) + Array(161...172) + Array(174...255)
  var next: UInt32 = 256
  var tokens = (0..<256).map { byte -> String in
    guard !printable.contains(byte) else { return String(UnicodeScalar(UInt8(byte))) }
    defer { next += 1 }
    return UnicodeScalar(next).map(String.init) ?? ""
  }
  tokens += ["<s>", "</s>"]
  tokens += (tokens.count..<size).map { "<unused\($0)>" }
  // Ordinary tokens, all but the controls.
  let types = tokens.indices.map { Int32((256..<258).contains($0) ? 3 : 1) }
  return [
    "general.name": .string("tiny"),
    "tokenizer.ggml.model": .string("gpt2"),
    "tokenizer.ggml.pre": .string("gpt-2"),
    "tokenizer.ggml.tokens": .strings(tokens),
    "tokenizer.ggml.token_type": .int32s(types),
    "tokenizer.ggml.merges": .strings(["t h"]),
    "tokenizer.ggml.bos_token_id": .uint32(256),
    "tokenizer.ggml.eos_token_id": .uint32(257),
    "tokenizer.ggml.add_bos_token": .bool(false),
    "tokenizer.chat_template": .string("{% for m in messages %}{{ m['content'] }}\n{% endfor %}"),
  ]
}

/// Random numbers around 0.
func noise(_ shape: [Int], seed: UInt64, spread: Float = 1) throws -> Tensor {
  var normal = NormalDistribution(seed: seed)
  return try Tensor((0..<shape.reduce(1, *)).map { _ in normal.next() * spread }, shape: shape)
}

/// The largest distance of two tensors' numbers.
func distance(_ a: Tensor, _ b: Tensor) throws -> Float {
  guard a.shape == b.shape else { return .infinity }
  return try zip(a.values(), b.values()).map { abs($0 - $1) }.max() ?? 0
}

/// A folder of its own for one test; removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-training-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

/// The error that `action` throws; nil where it throws none.
func failure(_ action: () throws -> Void) -> TrainingError? {
  do {
    try action()
    return nil
  } catch {
    return error as? TrainingError
  }
}
