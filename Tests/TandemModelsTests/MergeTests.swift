import Foundation
import Testing

@testable import TandemModels

@Suite struct `A merge of models` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// One tensor's numbers, merged.
  private func merged(
    _ method: ModelMerge.Method, _ models: [[Float]], base: [Float] = [], _ weights: [Float], density: Float = 1,
    seed: UInt64 = 1, place: UInt64 = 0
  ) throws -> [Float] {
    try ModelMerge(method, weights: weights, density: density, seed: seed).merged(models, base: base, place: place)
  }

  @Test func `is the weighted mean, or the base with weighted task vectors`() throws {
    // (1 + 3 * 3) / 4 and (2 + 3 * 6) / 4
    #expect(try merged(.linear, [[1, 2], [3, 6]], [1, 3]) == [2.5, 5])
    // 1 + 0.5 * (1 - 1) + 2 * (3 - 1), and 2 + 0.5 * (4 - 2) + 2 * (1 - 2)
    #expect(try merged(.task, [[1, 4], [3, 1]], base: [1, 2], [0.5, 2]) == [5, 1])
  }

  @Test func `leaves out what disagrees with the sign of the sum, without dropping anything at density 1`() throws {
    // Changes (1, -1, 2) and (1, 3, -1): their sums are 2, 2 and 1, so -1 and -1 are left out.
    #expect(try merged(.dareTIES, [[2, 0, 3], [2, 4, 0]], base: [1, 1, 1], [1, 1]) == [3, 4, 3])
    #expect(try merged(.dareTIES, [[2, 2, 2], [2, 2, 2]], base: [2, 2, 2], [1, 1]) == [2, 2, 2])
  }

  @Test func `drops a share of the changes and enlarges the rest, so that their mean stays`() throws {
    let count = 20_000
    func drop(seed: UInt64, place: UInt64 = 0) throws -> [Float] {
      try merged(
        .dareTIES, [[Float](repeating: 1, count: count)], base: [Float](repeating: 0, count: count), [1], density: 0.25,
        seed: seed, place: place)
    }
    let found = try drop(seed: 1)
    #expect(Set(found) == [0, 4])
    // 0.25 with a standard error of 0.003
    #expect(abs(Double(found.count { $0 == 4 }) / Double(count) - 0.25) < 0.015)
    #expect(try found == drop(seed: 1))
    #expect(try found != drop(seed: 2) && found != drop(seed: 1, place: 1))
  }

  @Test func `of a model with itself is the model, which has its metadata byte for byte`() throws {
    let path = folder.file("merged.gguf").path
    let (model, other) = (ModelReference.catalogue("nano-small"), ModelReference.catalogue("nano-small-tldr"))
    try ModelMerge(.linear, weights: [1, 1]).write([model, model], to: path)
    func contents(_ reference: ModelReference) throws -> ModelContents {
      try ModelContents(ModelStore().urls(of: reference))
    }
    let (expected, found) = (try contents(model), try contents(.file(path: path)))
    #expect(found.metadata == expected.metadata)
    #expect(found.tensors.map(\.name) == expected.tensors.map(\.name))
    for (a, b) in zip(found.tensors, expected.tensors) { #expect(try a.numbers() == b.numbers(), "\(a.name)") }
    #expect(folder.names == ["merged.gguf"])

    // All of the way from one to the other, halfway, and the way back by task vectors.
    let half = folder.file("half.gguf").path
    try ModelMerge(.task, weights: [0.5]).write([other], base: model, to: half)
    for tensor in try contents(.file(path: half)).tensors {
      let pair = try [model, other].map { reference in
        try #require(try contents(reference).tensors.first { $0.name == tensor.name }).numbers()
      }
      let distances = try zip(tensor.numbers(), zip(pair[0], pair[1])).map { abs($0 - ($1.0 + $1.1) / 2) }
      #expect(distances.max() ?? 0 < 2e-3, "\(tensor.name)")
    }
  }

  @Test func `names what does not fit`() async throws {
    let path = folder.file("merged.gguf").path
    func complaint(
      _ models: [ModelReference], base: ModelReference? = nil, _ method: ModelMerge.Method = .linear,
      weights: [Float] = [1, 1]
    ) async -> String {
      let error = await modelError { try ModelMerge(method, weights: weights).write(models, base: base, to: path) }
      return "\(error?.description ?? "nothing")"
    }
    let small = ModelReference.catalogue("nano-small")
    #expect(
      await complaint([small, .catalogue("nano-large")])
        == "The models can't be merged: nano-large and nano-small differ: token_embd.weight is [512, 128] in the first "
        + "and [512, 64] in the second.")
    #expect(await complaint([small, .catalogue("nano-large-selector")]).contains("is an adapter and no model"))
    #expect(await complaint([small], weights: [1]).contains("one model alone is none"))
    #expect(await complaint([small, small], .dareTIES).contains("needs the base"))
    #expect(await complaint([small, small], weights: [1, -1]).contains("add up to 0"))
    #expect(await complaint([small, small], weights: [1]).contains("there are 1 weights for 2 models"))

    // The same model with one other word.
    var data = try Data(contentsOf: ModelStore().url(of: small))
    let word = try #require(data.firstRange(of: Data("think".utf8)))
    data.replaceSubrange(word, with: Data("thunk".utf8))
    let other = folder.file("other.gguf")
    try data.write(to: other)
    #expect(await complaint([small, .file(path: other.path)]).contains("have different vocabularies"))
    #expect(folder.names == ["other.gguf"], "nothing is left of a merge that failed")
  }
}
