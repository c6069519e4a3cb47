import Foundation
import TandemInference
import TandemLlama
import Testing

@Suite struct `Hidden states` {
  /// h / rms(h): the final norm without its weights.
  private func normalised(_ row: [Float]) -> [Float] {
    let square = row.reduce(0) { $0 + $1 * $1 } / Float(row.count)
    return row.map { $0 / square.squareRoot() }
  }

  private func embedding(_ engine: LlamaEngine, _ tokens: [Token], _ adapter: Adapter? = nil) async throws -> [Float] {
    let session = try await engine.makeSession(adapter: adapter)
    try await session.extend(to: tokens)
    let row = try await session.embedding()
    await session.close()
    return row
  }

  /// The weights of the final norm, from one token; where the hidden state is near 0, they can't be told.
  private func weights(_ engine: LlamaEngine, _ tokens: [Token]) async throws -> [Float?] {
    let row = try await engine.hiddenStates(of: tokens, layer: engine.file.layerCount - 1, at: [tokens.count - 1])
    return zip(try await embedding(engine, tokens), normalised(row[0])).map { abs($1) < 0.1 ? nil : $0 / $1 }
  }

  private func distance(_ embedding: [Float], from row: [Float], _ weights: [Float?]) -> Float {
    zip(zip(embedding, normalised(row)), weights).map { pair, weight in
      weight.map { abs(pair.0 - pair.1 * $0) } ?? 0
    }.max() ?? .infinity
  }

  @Test(arguments: [Models.nanoSmall, Models.nanoLarge])
  func `of the last layer are the embedding before the final norm`(model: String) async throws {
    let engine = try await nanoEngine(model, isDeterministic: true)
    let weights = try await weights(engine, noise(20, seed: 2))
    #expect(weights.count { $0 != nil } > weights.count / 2)
    let tokens = noise(150)  // three batches, and more rows than one of them may give
    let positions = [149, 3, 70] + Array(80..<140)
    let rows = try await engine.hiddenStates(of: tokens, layer: engine.file.layerCount - 1, at: positions)
    #expect(rows.count == positions.count)
    for index in 0..<5 {
      let embedding = try await embedding(engine, Array(tokens.prefix(positions[index] + 1)))
      #expect(distance(embedding, from: rows[index], weights) < 0.02)
      #expect(distance(embedding, from: rows[index + 1], weights) > 0.2)
    }
  }

  @Test func `of a layer are what a control vector of that layer is added to`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    let vector = (0..<64).map { Float($0 % 5) - 2 }
    let (tokens, weights) = (noise(40), try await weights(engine, noise(20, seed: 2)))
    let row = try await engine.hiddenStates(of: tokens, layer: 1, at: [39])[0]
    let steered = Adapter(controlVector: .init(directions: [vector], layers: 1...1))
    let embedding = try await embedding(engine, tokens, steered)
    #expect(distance(embedding, from: zip(row, vector).map { $0 + $1 }, weights) < 0.02)
    #expect(distance(embedding, from: row, weights) > 0.2)
  }

  @Test func `are the same again, and depend on what precedes alone`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge, isDeterministic: true)
    let tokens = noise(100)
    for layer in 0..<engine.file.layerCount {
      let rows = try await engine.hiddenStates(of: tokens, layer: layer, at: [50, 80])
      #expect(try await engine.hiddenStates(of: tokens, layer: layer, at: [50, 80]) == rows)
      let short = try await engine.hiddenStates(of: Array(tokens.prefix(51)), layer: layer, at: [50])
      #expect(TandemLlamaTests.distance(short[0], rows[0]) < 0.01)
      #expect(TandemLlamaTests.distance(rows[0], rows[1]) > 0.1)
      #expect(rows[0].count == engine.file.embeddingSize)
    }
  }

  @Test func `of what is not there are refused`() async throws {
    let engine = try await nanoEngine()
    let tokens = noise(4)
    let bad: [([Token], Int, [Int])] = [
      (tokens, -1, [0]), (tokens, 2, [0]), (tokens, 1, [4]), (tokens, 1, [-1]), ([-1], 1, [0]), ([999_999], 1, [0]),
    ]
    for (tokens, layer, positions) in bad {
      let found = await code { _ = try await engine.hiddenStates(of: tokens, layer: layer, at: positions) }
      #expect(found == "invalid-parameter")
    }
    let tooMany = engine.file.trainedContext + 1
    #expect(await code { _ = try await engine.hiddenStates(of: noise(tooMany), layer: 1, at: [0]) } == "context-full")
    #expect(try await engine.hiddenStates(of: [], layer: 1, at: []).isEmpty)
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await code { _ = try await engine.hiddenStates(of: tokens, layer: 1, at: [3]) }
    }
    #expect(await cancelled.value == "cancelled")
  }
}
