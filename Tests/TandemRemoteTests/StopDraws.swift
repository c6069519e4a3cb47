import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemRemote
import Testing

/// Draws with a stop temperature, compared with what the logits of the engine in this process say.
enum StopDraws {
  static func check(_ model: RemoteModel, measure: StopTemperature.Measure, draws: Int = 300) async throws {
    let engine = try await LlamaEngine.load(
      LlamaServer.nano(model.report.model), LlamaParameters(contextSize: 512, sequences: 1, isDeterministic: true))
    let tokens = try model.tokenizer.encode("Use 3, 7, 5, 2 to make 24.", control: .asText)
    let local = try await engine.makeSession()
    try await local.extend(to: tokens)
    let row = try await local.logits()
    let stop = Token(rawValue: Int32(row.indices.max { row[$0] < row[$1] } ?? 0))
    for temperature in [Float(0.8), 1.25] {
      let processor = try #require(StopTemperature(temperature, measure: measure).processor(for: [stop]))
      let expected = Self.probability(of: stop, in: row, processor)
      var hits = 0
      let session = try await model.makeSession()
      for seed in 0..<UInt64(draws) {
        let request = GenerationRequest(
          after: tokens, sampling: .init(temperature: 1, topP: 1), seed: SplitMix64.derive(7, seed),
          processors: [processor], limit: 1)
        hits += try await session.sample(request)[0].token == stop ? 1 : 0
      }
      await session.close()
      let deviation = max((expected * (1 - expected) / Float(draws)).squareRoot(), 1e-3)
      #expect(
        abs(Float(hits) / Float(draws) - expected) < 4 * deviation,
        "\(hits) of \(draws) at T = \(temperature), and \(expected) expected")
    }
  }

  private static func probability(of token: Token, in row: [Float], _ processor: any LogitProcessor) -> Float {
    var row = row
    var span = row.mutableSpan
    processor.process(&span, after: [])
    let weights = row.map { exp($0 - (row.max() ?? 0)) }
    return weights[Int(token.rawValue)] / weights.reduce(0, +)
  }
}
