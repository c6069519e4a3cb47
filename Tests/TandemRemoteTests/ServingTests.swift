import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Tandem
import TandemInference
import TandemRemote
import TandemServer
import Testing

/// `tandem serve` with a large model on a real llama-server, which tells by its own metrics what it was made to do.
@Suite("A server whose large model is on a real llama-server", .enabled(if: LlamaServer.isThere, LlamaServer.reason))
struct ServingTests {
  private static let body =
    #"{"model": "duo", "stream": true, "seed": 1, "n": 12, "messages": [{"role": "user", "#
    + #""content": "Use 9, 2, 4, 12 to make 29."}]}"#

  @Test func `closes the model's stream if its client hangs up, and is ready as long as that server is`() async throws {
    let llama = try LlamaServer("nano-large")
    let model = try await llama.connect()
    let solver = Solver(
      large: Participant(model, sampling: .greedy), budget: Budget(thinkingTokens: 400, answerTokens: 60))
    let pair = ServedPair(
      name: "duo", solver: solver, gate: RunGate(places: [.large: 4], queue: 12), strategy: LargeOnly())
    let server = Server(ServedModels(pairs: [pair]), Server.Configuration())
    let (ports, started) = AsyncStream<Int>.makeStream()
    let task = Task { try await server.run { started.yield($0) } }
    defer { task.cancel() }
    var iterator = ports.makeAsyncIterator()
    let address = "http://127.0.0.1:\(try #require(await iterator.next()))"
    #expect(try await Self.status("\(address)/ready") == 200)

    // Twelve whole answers, four at a time, and then the same ones, left at once.
    var total = try await llama.predictedInAll()
    var drawn: [Double] = []
    for chunks in [.max] + [Int](repeating: 2, count: 10) {
      try await Self.chat(address, reading: chunks)
      let now = try await llama.predictedInAll()
      drawn.append(now - total)
      total = now
    }
    // A busy machine may let short answers end before the hang-up, but not ten times all of them.
    let whole = drawn.removeFirst()
    #expect(whole > 20 && drawn.contains { $0 < whole }, "\(whole) tokens, and then \(drawn)")

    llama.kill()
    #expect(try await Self.status("\(address)/ready") == 503)
  }

  private static func status(_ url: String) async throws -> UInt {
    try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(30)).status.code
  }

  /// Asks for an answer, and hangs up after some chunks of it.
  private static func chat(_ address: String, reading chunks: Int) async throws {
    var request = HTTPClientRequest(url: "\(address)/v1/chat/completions")
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.body = .bytes(ByteBuffer(string: body))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    #expect(response.status == .ok)
    var count = 0
    for try await _ in response.body {
      count += 1
      if count == chunks { break }
    }
  }
}

extension LlamaServer {
  /// How many tokens it has drawn, as soon as it draws no more of them.
  func predictedInAll() async throws -> Double {
    var last = -1.0
    while true {
      let now = try await metric("tokens_predicted_total")
      if now == last, try await metric("requests_processing") == 0 { return now }
      last = now
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// One of the numbers that the server counts itself.
  func metric(_ name: String) async throws -> Double {
    let url = "http://127.0.0.1:\(port)/metrics"
    let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
    let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
    let line = text.split(separator: "\n").first { $0.hasPrefix("llamacpp:\(name) ") }
    return try #require(line?.split(separator: " ").last.flatMap { Double($0) })
  }
}
