import Foundation
import TandemSupport

extension ModelMerge {
  /// Writes the merge of models as a GGUF file with the metadata of the first one: matrices in F16, vectors in F32.
  ///
  /// Only one tensor of each model is in memory at a time. The file is there in whole or not at all.
  ///
  /// - Throws: `ModelError`, most often `cannotMerge` for models of different shapes or vocabularies; `FileFault` for a
  ///   file that can't be written.
  package func write(
    _ models: [ModelReference], base: ModelReference? = nil, to path: String, store: ModelStore = ModelStore()
  ) throws {
    guard models.count == weights.count else {
      throw ModelError.cannotMerge(reason: "there are \(weights.count) weights for \(models.count) models")
    }
    guard models.count + (base == nil ? 0 : 1) > 1 else {
      throw ModelError.cannotMerge(reason: "one model alone is none; name another, or a base")
    }
    guard method.needsBase == (base != nil) else {
      let reason = base == nil ? "needs the base that the models were trained from" : "has no base"
      throw ModelError.cannotMerge(reason: "a merge by \(method.rawValue) \(reason)")
    }
    let all = try (models + [base].compactMap(\.self)).map { (name: "\($0)", try ModelContents(store.urls(of: $0))) }
    for (name, contents) in all {
      guard contents.text("general.type") != "adapter" else {
        throw ModelError.cannotMerge(reason: "\(name) is an adapter and no model")
      }
      guard contents.integer("split.count") ?? 1 <= 1 else {
        throw ModelError.cannotMerge(reason: "\(name) is in several files, and must be in one")
      }
    }
    let first = all[0]
    for other in all.dropFirst() { try Self.check(other.1, other.name, like: first.1, first.name) }
    let others = all.map { contents in
      Dictionary(contents.1.tensors.map { ($0.name, $0) }) { first, _ in first }
    }
    let partial = try DurableFile.begin(path)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    try GGUFWriter(first.1).write(to: partial) { place, tensor in
      let numbers = try others.map { try $0[tensor.name]?.numbers() ?? [] }
      return merged(
        Array(numbers.prefix(models.count)), base: base == nil ? [] : numbers[models.count], place: UInt64(place))
    }
    try DurableFile.publish(partial, as: path)
  }

  /// Throws `ModelError.cannotMerge`, naming the first difference that matters.
  private static func check(
    _ other: ModelContents, _ name: String, like first: ModelContents, _ firstName: String
  ) throws(ModelError) {
    func fail(_ reason: String) -> ModelError { .cannotMerge(reason: "\(name) and \(firstName) \(reason)") }
    func word(_ contents: ModelContents) -> String { contents.text("general.architecture") ?? "no" }
    guard word(other) == word(first) else {
      throw fail("have different architectures, \(word(other)) and \(word(first))")
    }
    guard other.metadata["tokenizer.ggml.tokens"] == first.metadata["tokenizer.ggml.tokens"],
      other.metadata["tokenizer.ggml.merges"] == first.metadata["tokenizer.ggml.merges"]
    else { throw fail("have different vocabularies") }
    let shapes = Dictionary(other.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
    for tensor in first.tensors {
      guard let shape = shapes[tensor.name] else { throw fail("differ: the first has no tensor \(tensor.name)") }
      guard shape == tensor.shape else {
        throw fail("differ: \(tensor.name) is \(shape) in the first and \(tensor.shape) in the second")
      }
    }
    guard other.tensors.count == first.tensors.count else { throw fail("have different numbers of tensors") }
    for tensor in other.tensors + first.tensors where !tensor.isReadable {
      throw .cannotMerge(
        reason: "the numbers of \(tensor.name) are neither F32, F16, BF16 nor Q8_0. "
          + "`tandem models quantize` writes a model as F16, which can be merged")
    }
  }
}
