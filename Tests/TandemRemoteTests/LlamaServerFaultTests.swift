import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemTesting
import Testing

@testable import TandemRemote

extension LlamaServerTests {
  @Test(.timeLimit(.minutes(20))) func `decodes nothing after a hundred random hang-ups`() async throws {
    let server = try LlamaServer("nano-small", "--context", "8192")
    let model = try await server.connect(parallel: 4)
    let tokens = try model.tokenizer.encode("Use 3, 7, 5, 2 to make 24.", control: .asText)
    let predicted = try await server.predicted()
    let limit = 4000
    try await withThrowingTaskGroup { group in
      for run in 0..<4 {
        group.addTask {
          var random = SplitMix64(seed: UInt64(run))
          for _ in 0..<25 {
            let session = try await model.makeSession()
            let request = GenerationRequest(
              after: tokens, seed: random.next(), processors: [TokenBan(model.tokenizer.endTokens)], limit: limit)
            let (count, hangsUp) = (Int(random.next() % 12), random.next() % 2 == 0)
            let task = Task {
              var left = count
              for try await _ in session.generate(request) {
                left -= 1
                if left < 0 && !hangsUp { break }  // leaves the loop
                if left < 0 { withUnsafeCurrentTask { $0?.cancel() } }
              }
            }
            try await task.value
            await session.close()
          }
        }
      }
      try await group.waitForAll()
    }
    try await server.waitUntilIdle()
    let total = try await server.predicted() - predicted
    #expect(total < 100 * limit / 4, "\(total) tokens were decoded for 100 generations that were given up at once")
    let after = try await server.predicted()
    try await Task.sleep(for: .milliseconds(300))
    #expect(try await server.predicted() == after)
    #expect(model.pool.load == (0, 0))
    #expect(try server.openConnections() <= 1)
  }

  @Test(.timeLimit(.minutes(20))) func `that is killed ends a run with its name, and serves the next one`() async throws
  {
    let server = try LlamaServer("nano-small", "--context", "8192")
    let model = try await server.connect(RemoteOptions(patience: 0.5))
    let tokens = try model.tokenizer.encode("Use 3, 7, 5, 2 to make 24.", control: .asText)
    let bans = [TokenBan(model.tokenizer.endTokens)]
    let session = try await model.makeSession()
    // The little model fills its window in a blink, so it writes again and again until the server dies.
    async let death: Void = {
      try await Task.sleep(for: .milliseconds(300))
      server.kill()
    }()
    let error = await #expect(throws: EngineError.self) {
      while true {
        for try await _ in session.generate(GenerationRequest(after: tokens, processors: bans, limit: 400)) {}
      }
    }
    try await death
    #expect(error?.code == "unreachable")
    #expect("\(error, default: "")".contains("127.0.0.1:\(server.port)"))
    await session.close()
    // Nothing listens: that is said too.
    let next = try await model.makeSession()
    let refused = await #expect(throws: EngineError.self) {
      try await next.sample(GenerationRequest(after: tokens, processors: bans, limit: 4))
    }
    #expect(refused?.code == "unreachable")
    let again = try LlamaServer("nano-small", "--context", "8192", "--port", "\(server.port)")
    let found = try await next.sample(GenerationRequest(after: tokens, processors: bans, limit: 4))
    #expect(found.count == 4)
    again.kill()
  }

  @Test func `keeps its bound when more runs want it`() async throws {
    let server = try LlamaServer("nano-small", "--context", "2048")
    let model = try await server.connect(parallel: 2)
    let tokens = try model.tokenizer.encode("Use 3, 7, 5, 2 to make 24.", control: .asText)
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for seed in UInt64(0)..<12 {
        group.addTask {
          let session = try await model.makeSession()
          let request = GenerationRequest(
            after: tokens, seed: seed, processors: [TokenBan(model.tokenizer.endTokens)], limit: 40)
          return try await session.sample(request).count
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == Array(repeating: 40, count: 12))
    #expect(model.pool.load.waiting == 0)
  }

  @Test func `takes a stop temperature by log-odds as a bias, exactly`() async throws {
    let server = try LlamaServer("nano-small")
    try await StopDraws.check(try await server.connect(), measure: .logOdds)
  }
}

extension LlamaServer {
  private func get(_ path: String) async throws -> String {
    let transport = try HTTPTransport(RemoteAddress(parsing: address), RemoteOptions())
    return String(decoding: try await transport.send(RemoteRequest(path: path)).body, as: UTF8.self)
  }

  /// How many tokens it has written, by its own count.
  func predicted() async throws -> Int {
    let lines = try await get("/metrics").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("llamacpp:tokens_predicted_total") }
    return line.flatMap { Double($0.split(separator: " ").last ?? "") }.map(Int.init) ?? -1
  }

  /// Waits until no slot is at work.
  func waitUntilIdle() async throws {
    while try await get("/slots").contains("\"is_processing\":true") { try await Task.sleep(for: .milliseconds(10)) }
  }

  /// How many connections it has.
  func openConnections() throws -> Int {
    #if os(Linux)
    let port = ":" + String(format: "%04X", self.port)
    let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n")
    return table.filter { line in
      let fields = line.split(separator: " ")
      return fields.count > 3 && fields[1].hasSuffix(port) && fields[3] == "01"
    }.count
    #else
    return 0
    #endif
  }
}
