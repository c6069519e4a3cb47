import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `The end` {
  private static let streamed = #""stream": true, "stream_options": {"include_usage": true}"#

  @Test func `of a server lets thinking come to an answer, and streams end properly`() async throws {
    let pair = SlowPair(stop: 0, delay: .milliseconds(1))
    try await withServer(pair.models, { $0.limits.ending = .seconds(60) }) { server in
      async let running = server.chat(Self.streamed)
      while pair.steps < 5 { try await Task.sleep(for: .milliseconds(5)) }
      server.task.cancel()
      while server.runs?.isDraining != true { try await Task.sleep(for: .milliseconds(1)) }
      let (ready, late) = (try await server.send("GET", "/ready"), try await server.chat())
      #expect(ready.status == 503)
      #expect(late.status == 503 && late.headers["retry-after"] == "1" && late.body.contains("shutting_down"))
      let found = try await running
      #expect(found.status == 200 && found.events.last == "[DONE]")
      let content = found.chunks.flatMap { $0["choices"] as? [[String: Any]] ?? [] }
        .compactMap { ($0["delta"] as? [String: Any])?["content"] as? String }.joined()
      #expect(["six", "6"].contains(content.trimmingCharacters(in: .whitespacesAndNewlines)))
      try await server.task.value
    }
  }

  @Test func `of a server that can't wait cuts streams with an error`() async throws {
    let gate = Gate()
    let models = ServedModels.scripted(options: .waiting(at: gate, afterSampling: 5)).models
    try await withServer(models, { $0.limits.draining = .milliseconds(10) }) { server in
      async let running = server.chat(Self.streamed)
      await gate.arrival()
      server.task.cancel()
      let found = try await running
      #expect(!found.body.contains("[DONE]"))
      #expect((found.chunks.last?["error"] as? [String: Any])?["code"] as? String == "shutting_down")
      try await server.task.value
    }
  }

  @Test func `of a run is at its deadline, with what there is by then`() async throws {
    let pair = SlowPair(stop: 0, delay: .milliseconds(2))
    try await withServer(pair.models) { server in
      let found = try await server.chat(#""tandem": {"deadline": 0.4}"#)
      let choice = try #require((found.json["choices"] as? [[String: Any]])?.first)
      #expect((choice["tandem"] as? [String: Any])?["finish"] as? String == "deadline")
      #expect(try await server.isIdle() && pair.openSessions == 0)
    }
  }

  @Test func `of a run that waits too long for its turn is an error`() async throws {
    let pair = SlowPair(places: 1, delay: .milliseconds(2))
    try await withServer(pair.models) { server in
      let first = try Connection(port: server.port)
      await first.send(RunningServer.text("POST", "/v1/chat/completions", RunningServer.body()))
      while pair.steps == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let second = try await server.chat(#""tandem": {"deadline": 0.1}"#)
      #expect(second.status == 503 && second.body.contains("\"deadline\""))
    }
  }

  @Test func `of the thinking can be asked for`() async throws {
    let pair = SlowPair(stop: 0, delay: .milliseconds(1))
    try await withServer(pair.models) { server in
      let running = try Connection(port: server.port)
      await running.send(RunningServer.text("POST", "/v1/runs", RunningServer.body()))
      let begun = try #require(await running.read(until: "\"started\""))
      #expect(begun.contains("event: run\ndata: {\"id\":\"run_"))
      let id = try #require(begun.firstMatch(of: /"id":"(run_[0-9a-f]+)"/)).output.1
      let control = "{\"id\": \"\(id)\", \"action\": \"end-thinking\"}"
      let done = try await server.send("POST", "/v1/chat/completions/control", control)
      #expect(done.status == 200 && done.json["success"] as? Bool == true)
      #expect(await running.read()?.contains("\"finished\"") == true)
      #expect(try await server.send("POST", "/v1/chat/completions/control", control).status == 404)
      let wrong = try await server.send("POST", "/v1/chat/completions/control", "{\"id\": \"x\", \"action\": \"stop\"}")
      #expect(wrong.status == 400 && wrong.body.contains("end-thinking"))
    }
  }

  /// Begins a run of `strategy`, tells it `action` once it has begun, and returns the answer to that and the events.
  private func events(
    _ strategy: String, telling action: String, _ pair: SlowPair
  ) async throws -> (Answer, String) {
    try await withServer(pair.models) { server in
      let running = try Connection(port: server.port)
      await running.send(RunningServer.text("POST", "/v1/runs", RunningServer.body(model: "duo/\(strategy)")))
      let begun = try #require(await running.read(until: "\"started\""))
      let id = try #require(begun.firstMatch(of: /"id":"(run_[0-9a-f]+)"/)).output.1
      while pair.steps < 5 { try await Task.sleep(for: .milliseconds(1)) }
      let told = try await server.send(
        "POST", "/v1/chat/completions/control", "{\"id\": \"\(id)\", \"action\": \"\(action)\"}")
      if told.status != 200 { running.hangUp() }
      return (told, begun + (await running.read() ?? ""))
    }
  }

  @Test func `of the small model's part can be asked for`() async throws {
    let pair = SlowPair(stop: 0, delay: .milliseconds(1))
    let (told, events) = try await events("speculative-thinking", telling: "hand-over", pair)
    #expect(told.status == 200)
    #expect(events.contains("\"handed-over\"") && events.contains("\"finished\""))
    #expect(pair.large.counters.sampled > 0)
  }

  @Test func `of the small model's part needs a large one`() async throws {
    let pair = SlowPair(stop: 0, delay: .milliseconds(1))
    let (told, _) = try await events("small-only", telling: "hand-over", pair)
    #expect(told.status == 400 && told.body.contains("\"no_hand_over\""))
  }
}
