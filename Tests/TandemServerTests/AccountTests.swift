import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(10))) struct `The accounts` {
  private struct Costs: Decodable {
    let usage: Counts

    struct Counts: Decodable {
      let completionTokens: Int
      let tandem: Details

      enum CodingKeys: String, CodingKey {
        case tandem
        case completionTokens = "completion_tokens"
      }
    }

    struct Details: Decodable { let usage: ByModel }

    struct ByModel: Decodable {
      let byModel: Usage
      enum CodingKeys: String, CodingKey { case byModel = "by_model" }
    }
  }

  @Test func `of any mix of requests add up to what the engines counted`() async throws {
    let pair = SlowPair(places: 32, stop: 0.2, delay: .zero)
    let all = try await withServer(pair.models) { server in
      try await withThrowingTaskGroup(of: Costs?.self) { group in
        for index in 0..<60 {
          let strategy = Strategies.all[index % Strategies.all.count].name
          let more = "\"seed\": \(index), \"n\": \(index % 3 + 1), \"max_tokens\": \(40 + index)"
          group.addTask {
            let answer =
              index % 2 == 0
              ? try await server.chat(more, model: "duo/\(strategy)")
              : try await server.chat(
                more + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}", model: "duo/\(strategy)")
            #expect(answer.status == 200, "\(strategy): \(answer.body.prefix(300))")
            let last = answer.events.dropLast().last ?? answer.body
            return try JSONDecoder().decode(Costs.self, from: Data(last.utf8))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(all.count == 60)
    let sum = all.compactMap(\.self).reduce(Usage()) { $0 + $1.usage.tandem.usage.byModel }
    for (role, counters) in [(sum.small, pair.small.counters), (sum.large, pair.large.counters)] {
      #expect(role.sampled == counters.sampled && role.prefilled == counters.prefilled)
    }
    for costs in all.compactMap(\.self) {
      let usage = costs.usage.tandem.usage.byModel
      let kept = usage.small.thinking + usage.small.answer + usage.large.thinking + usage.large.answer
      #expect(costs.usage.completionTokens == kept)
    }
  }
}
