import Foundation
import Synchronization
import TandemInference
import TandemTesting
import Testing

@testable import TandemRemote

/// A caller that goes away waits for nothing, and leaves nothing behind.
@Suite("Calls that are given up", .timeLimit(.minutes(20)))
struct CancellationTests {
  /// Cancels a generation as soon as the server has been asked, and returns the connections that it leaves beside those
  /// that were there.
  private func giveUp(
    warmsUp: Bool = false, _ steps: @escaping @Sendable (ScriptedRequest) -> [ScriptedServer.Step]
  ) async throws -> (tokens: Int, model: RemoteModel, leftOpen: Int) {
    let isOn = Switch()
    let served = SimulatedServer.reciting("Two and two make four.", .vllm)
    let (server, model) = try await served.connect(RemoteOptions(warmsUp: warmsUp)) { request in
      isOn.value && request.path.contains("completions") ? steps(request) : nil
    }
    isOn.turnOn()
    let (calls, open) = (server.completions().count, server.openConnections)
    let tokens = try served.tokenizer.encode("Two and", control: .asText)
    let session = try await model.makeSession()
    if warmsUp {
      session.warmUp(with: tokens)
      while server.completions().count == calls { await Task.yield() }
    }
    let task = Task {
      try await session.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 40)).count
    }
    while server.completions().count == calls { await Task.yield() }
    task.cancel()
    let count = (try? await task.value) ?? 0
    await session.close()
    while model.pool.load != (0, 0) || server.openConnections > open { try await Task.sleep(for: .milliseconds(5)) }
    return (count, model, server.openConnections - open)
  }

  private final class Switch: Sendable {
    private let state = Mutex(false)
    var value: Bool { state.withLock { $0 } }
    func turnOn() { state.withLock { $0 = true } }
  }

  @Test func `before the server has said anything`() async throws {
    #expect(try await giveUp { _ in [.wait] }.tokens == 0)
  }

  @Test func `in the midst of a stream`() async throws {
    let event = #"{"choices":[{"text":" ","token_ids":[32],"finish_reason":null}]}"#
    #expect(try await giveUp { _ in .events([event], end: .silence) }.tokens <= 1)
  }

  @Test func `while they wait to be repeated`() async throws {
    #expect(try await giveUp { _ in .answer("", status: 503, headers: ["Retry-After": "30"]) }.tokens == 0)
  }

  @Test func `while the server reads ahead`() async throws {
    #expect(try await giveUp(warmsUp: true) { _ in [.wait] }.tokens == 0)
  }
}
