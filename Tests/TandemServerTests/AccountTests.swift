import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `The accounts` {
  private struct Response: Decodable {
    let usage: Counts
    let tandem: Extra

    struct Counts: Decodable {
      let completionTokens: Int
      enum CodingKeys: String, CodingKey { case completionTokens = "completion_tokens" }
    }

    struct Extra: Decodable { let usage: Costs }

    struct Costs: Decodable {
      let byModel: Usage
      enum CodingKeys: String, CodingKey { case byModel = "by_model" }
    }
  }

  @Test func `of any mix of requests add up to what the engines counted`() async throws {
    let pair = SlowPair(places: 32, stop: 0.2, delay: .zero)
    let all = try await withServer(pair.models) { server in
      try await withThrowingTaskGroup(of: (Response, most: Int).self) { group in
        for index in 0..<51 {
          let strategy = Strategies.all[index % Strategies.all.count].name
          let (choices, limit) = (index % 3 + 1, 20 + index % 30)
          let more = "\"seed\": \(index), \"n\": \(choices), \"max_tokens\": \(limit)"
          group.addTask {
            let answer =
              index % 2 == 0
              ? try await server.chat(more, model: "duo/\(strategy)")
              : try await server.chat(
                more + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}", model: "duo/\(strategy)")
            #expect(answer.status == 200, "\(strategy): \(answer.body.prefix(300))")
            let last = answer.events.dropLast().last ?? answer.body
            return (try JSONDecoder().decode(Response.self, from: Data(last.utf8)), choices * limit)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(all.count == 51)
    let sum = all.reduce(Usage()) { $0 + $1.0.tandem.usage.byModel }
    for (role, counters) in [(sum.small, pair.small.counters), (sum.large, pair.large.counters)] {
      #expect(role.sampled == counters.sampled && role.prefilled == counters.prefilled)
    }
    for (response, most) in all {
      let usage = response.tandem.usage.byModel
      let kept = usage.small.thinking + usage.small.answer + usage.large.thinking + usage.large.answer
      // Inserted text is in the response too, and no model has sampled it.
      let completion = response.usage.completionTokens
      #expect(kept <= completion && completion <= most)
    }
  }
}
