import Foundation
import Tandem
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `The models of a server` {
  @Test func `are each pair, its strategies, and names of their own`() async throws {
    let pair = try #require(ServedModels.scripted().models.all.first?.pair)
    let quick = ServedModel("quick", pair, strategy: SmallOnly(), budget: Budget(thinkingTokens: 10))
    let models = ServedModels(pairs: [pair], named: [quick], aliases: ["gpt-4": "quick"])
    try await withServer(models) { server in
      let list = try await server.send("GET", "/v1/models").json
      #expect(list["object"] as? String == "list")
      let data = try #require(list["data"] as? [[String: Any]])
      let names = data.compactMap { $0["id"] as? String }
      #expect(names.prefix(2) == ["quick", "duo"])
      #expect(Set(names.dropFirst(2)) == Set(Strategies.all.map { "duo/\($0.name)" }))
      let details = try #require(data[1]["tandem"] as? [String: Any])
      #expect(details["pair"] as? String == "duo" && details["strategy"] as? String == "large-only")
      #expect(details["large"] as? String == "huge" && details["small"] == nil)
      #expect((details["schema"] as? [String: Any])?["type"] as? String == "object")
    }
  }

  @Test func `can be looked up, also with a slash, and by an alias`() async throws {
    let pair = try #require(ServedModels.scripted(count: 4).models.all.first?.pair)
    try await withServer(ServedModels(pairs: [pair], aliases: ["gpt-4": "duo/small-only"])) { server in
      for path in ["duo", "duo/small-only", "duo%2Fsmall-only"] {
        let found = try await server.send("GET", "/v1/models/\(path)")
        #expect(found.status == 200 && (found.json["id"] as? String) == path.removingPercentEncoding, "\(found.body)")
      }
      #expect(try await server.send("GET", "/v1/models/none").status == 404)
      #expect(try await server.chat(model: "gpt-4").json["model"] as? String == "duo/small-only")
      #expect(try await server.chat(model: "gpt-5").status == 404)
    }
    try await withServer(ServedModels(pairs: [pair], aliases: ["*": "duo"])) { server in
      let found = try await server.chat(model: "claude-5").json
      #expect(found["model"] as? String == "duo")
    }
  }

  @Test func `have health and readiness`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      for path in ["/health", "/ready"] {
        let found = try await server.send("GET", path)
        #expect(found.status == 200 && found.json["status"] as? String == "ok")
      }
    }
  }
}
