import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `A hang-up` {
  private static let strategies = [
    "large-only", "speculative-thinking", "speculative-cot", "length-filtered-vote", "spec-reason",
  ]

  @Test func `at any moment ends the work and frees the places`() async throws {
    let pair = SlowPair()
    try await withServer(pair.models) { server in
      var generator = SplitMix64(seed: 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<100 {
          let (strategy, streams) = (Self.strategies[index % Self.strategies.count], index % 3 != 0)
          let steps = Int(generator.next() % 80)
          group.addTask {
            let connection = try Connection(port: server.port)
            let body = RunningServer.body("\"stream\": \(streams), \"seed\": \(index)", model: "duo/\(strategy)")
            let moment = pair.steps + steps
            let prompt = #"{"model": "duo", "prompt": "Q", "n": 2, "max_tokens": 200, "stream": \#(streams)}"#
            await connection.send(
              index % 7 == 0
                ? RunningServer.text("POST", "/v1/completions", prompt)
                : RunningServer.text("POST", "/v1/chat/completions", body))
            for _ in 0..<3000 where pair.steps < moment { try await Task.sleep(for: .milliseconds(1)) }
            connection.hangUp()
          }
          if index % 10 == 9 { try await group.waitForAll() }
        }
      }
      #expect(try await server.isIdle())
      let before = pair.steps
      #expect(before > 0)
      try await Task.sleep(for: .milliseconds(200))
      #expect(pair.steps == before && pair.openSessions == 0)
      // Nothing is in the way of the next one.
      #expect(try await server.chat(#""max_tokens": 4"#).status == 200)
    }
  }

  @Test(arguments: [true, false]) func `takes a waiting run out of the queue`(streams: Bool) async throws {
    let pair = SlowPair(places: 1)
    try await withServer(pair.models) { server in
      let first = try Connection(port: server.port)
      await first.send(RunningServer.text("POST", "/v1/chat/completions", RunningServer.body()))
      while pair.steps == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let second = try Connection(port: server.port)
      await second.send(
        RunningServer.text("POST", "/v1/chat/completions", RunningServer.body("\"stream\": \(streams)")))
      while server.runs?.count != 2 { try await Task.sleep(for: .milliseconds(5)) }
      second.hangUp()
      while server.runs?.count != 1 { try await Task.sleep(for: .milliseconds(5)) }
      first.hangUp()
      #expect(try await server.isIdle())
    }
  }

  @Test func `does nothing to other requests of its time`() async throws {
    let pair = SlowPair(stop: 0.3)
    try await withServer(pair.models) { server in
      let gone = try Connection(port: server.port)
      await gone.send(RunningServer.text("POST", "/v1/chat/completions", RunningServer.body("\"stream\": true")))
      async let other = server.chat(#""seed": 3"#)
      gone.hangUp()
      #expect(try await other.status == 200)
    }
  }

  @Test func `a connection can be used for one request after another`() async throws {
    try await withServer(ServedModels.scripted(count: 3).models) { server in
      let connection = try Connection(port: server.port)
      for _ in 0..<3 {
        let body = RunningServer.body()
        let head = RunningServer.text("POST", "/v1/chat/completions", body).replacing("Connection: close\r\n", with: "")
        await connection.send(head)
        #expect(await connection.read(until: "\"object\":\"chat.completion\"")?.contains("200 OK") == true)
      }
    }
  }
}

@Suite(.timeLimit(.minutes(20))) struct `A slow reader` {
  @Test func `holds nobody up, and gets everything once it reads`() async throws {
    let scripted = ServedModels.scripted(count: 20)
    try await withServer(scripted.models) { server in
      let slow = try Connection(port: server.port)
      await slow.send(
        RunningServer.text("POST", "/v1/chat/completions", RunningServer.body("\"stream\": true")))
      for _ in 0..<5 { #expect(try await server.chat().status == 200) }
      // Its run is over too, although nobody has read a byte of it.
      #expect(try await server.isIdle())
      #expect(try Answer(reading: await slow.read()).events.last == "[DONE]")
    }
  }

  @Test func `is cut off when too much of its response lies unread`() async throws {
    let box = Outbox<String>(limit: 10)
    #expect(box.put("12345", cost: 5) && box.put("67890", cost: 5))
    #expect(!box.put("1", cost: 1))
    #expect(try await box.next() == ["12345", "67890"])
    #expect(box.put("1", cost: 1))
    box.finish(.failure(.unavailable("Full.", code: "full")))
    #expect(!box.put("2", cost: 1))
    #expect(try await box.next() == ["1"])
    // An end is an end, however often it is asked for.
    await #expect(throws: ServerError.self) { try await box.next() }
  }
}
