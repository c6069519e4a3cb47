import Foundation
import TandemInference
import Testing

@Suite struct `Parameters` {
  private func message(_ request: GenerationRequest) -> String? {
    do throws(EngineError) { try request.validate() } catch { return error.description }
    return nil
  }

  private func message(_ change: (inout SamplingParameters) -> Void) -> String? {
    var request = GenerationRequest(limit: 1)
    change(&request.sampling)
    return message(request)
  }

  @Test func `that make sense are accepted`() {
    #expect(message(GenerationRequest(limit: 1)) == nil)
    #expect(message(GenerationRequest(sampling: .greedy, limit: .max)) == nil)
    #expect(message { $0 = .init(temperature: 5, topK: 1, topP: 1e-9, minP: 0.999, repetitionPenalty: 0.1) } == nil)
  }

  @Test func `that make none are named, with what would be right`() {
    #expect(message { $0.temperature = -0.5 } == "temperature must be a number from 0 up, not -0.5.")
    #expect(message { $0.temperature = .nan } == "temperature must be a number from 0 up, not nan.")
    #expect(message { $0.temperature = .infinity } == "temperature must be a number from 0 up, not inf.")
    #expect(message { $0.topK = -1 } == "topK must be 0 (off) or more, not -1.")
    #expect(message { $0.topP = 0 } == "topP must be above 0 and at most 1, not 0.0.")
    #expect(message { $0.topP = 1.5 } == "topP must be above 0 and at most 1, not 1.5.")
    #expect(message { $0.topP = .nan } == "topP must be above 0 and at most 1, not nan.")
    #expect(message { $0.minP = 1 } == "minP must be from 0 to below 1, not 1.0.")
    #expect(message { $0.repetitionPenalty = 0 } == "repetitionPenalty must be above 0, not 0.0.")
    #expect(message { $0.penaltyWindow = -3 } == "penaltyWindow must be 0 or more, not -3.")
    #expect(message(GenerationRequest(limit: 0)) == "limit must be at least 1, not 0.")
    #expect(message(GenerationRequest(limit: 1, alternatives: -2)) == "alternatives must be 0 or more, not -2.")
    #expect(message(GenerationRequest(stops: [.text("")], limit: 1)) == "stops must not be empty texts.")
  }

  @Test func `survive JSON`() throws {
    let parameters = SamplingParameters(temperature: 0.7, topK: 3, topP: 0.9, minP: 0.1, repetitionPenalty: 1.2)
    let json = try JSONEncoder().encode(parameters)
    #expect(try JSONDecoder().decode(SamplingParameters.self, from: json) == parameters)
    #expect(String(decoding: try JSONEncoder().encode([5, -1] as [Token]), as: UTF8.self) == "[5,-1]")
  }

  @Test func `of errors have a sentence and a bounded word`() {
    let error = EngineError.contextFull(needed: 9, capacity: 8)
    #expect(error.description == "9 tokens do not fit into a context of 8.")
    #expect(error.code == "context-full")
    #expect(EngineError.busy(sequences: 2, waiting: 0).code == "busy")
  }

  @Test func `of engines are listed by name`() {
    #expect(([.tokens, .score, .state] as EngineCapabilities).names == ["tokens", "score", "state"])
    #expect(EngineCapabilities().names == [])
  }
}
