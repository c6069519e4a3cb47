import Foundation
import Synchronization
import TandemInference
import Testing

@testable import TandemRemote

@Suite("The calls of a host", .timeLimit(.minutes(20)))
struct CallPoolTests {
  private final class Order: Sendable {
    let runs = Mutex<[String]>([])
  }

  @Test func `are bounded, and fair among runs`() async throws {
    let pool = CallPool(limit: 1)
    try await pool.enter("first")
    let order = Order()
    try await withThrowingTaskGroup { group in
      // Five calls of one run wait before those of the two others.
      for (number, run) in ["a", "a", "a", "a", "a", "b", "c", "b"].enumerated() {
        group.addTask {
          try await pool.enter(run)
          order.runs.withLock { $0.append(run) }
          pool.exit()
        }
        while pool.load.waiting <= number { await Task.yield() }
      }
      pool.exit()
      try await group.waitForAll()
    }
    #expect(order.runs.withLock { $0 } == ["a", "b", "c", "a", "b", "a", "a", "a"])
    #expect(pool.load == (0, 0))
  }

  @Test func `that are cancelled while they wait leave no place taken`() async throws {
    let pool = CallPool(limit: 2)
    try await pool.enter("a")
    try await pool.enter("a")
    let waiting = (0..<20).map { number in Task { try await pool.enter("run \(number % 3)") } }
    while pool.load.waiting < 20 { await Task.yield() }
    for task in waiting { task.cancel() }
    for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
    pool.exit()
    pool.exit()
    #expect(pool.load == (0, 0))
  }

  @Test func `are those of all its models`() async throws {
    let (one, other) = (CallPool.shared(by: "host:1", limit: 1), CallPool.shared(by: "host:1", limit: 2))
    #expect(one === other)
    #expect(CallPool.shared(by: "host:2", limit: 1) !== one)
    // The most that a model asked for.
    try await one.enter("a")
    try await other.enter("b")
    #expect(one.load == (2, 0))
  }

  @Test func `make room for those who wait when the bound is raised`() async throws {
    let pool = CallPool.shared(by: "host:3", limit: 1)
    try await pool.enter("a")
    let waiting = Task { try await pool.enter("b") }
    while pool.load.waiting < 1 { await Task.yield() }
    _ = CallPool.shared(by: "host:3", limit: 2)
    try await waiting.value
    #expect(pool.load == (2, 0))
  }
}

@Suite("When a call is made again")
struct RetryTests {
  private func refusal(_ status: Int, after: String? = nil) -> Refusal {
    Refusal(status: status, body: [], retryAfter: after)
  }

  @Test func `a server says when`() {
    var retry = Retry(patience: 60)
    #expect(retry.decision(after: refusal(429, after: "7"), random: 0) == .wait(.seconds(7)))
    #expect(
      retry.decision(after: refusal(503, after: "Mon, 30 Nov 2026 20:00:00 GMT"), random: 1) == .wait(.seconds(0.5)))
  }

  @Test func `not if it says later than anyone waits`() {
    var retry = Retry(patience: 60)
    #expect(retry.decision(after: refusal(503, after: "3000"), random: 0) == .fail)
  }

  @Test func `at growing intervals, five times`() {
    var retry = Retry(patience: 60)
    let waits = (0..<6).map { _ in retry.decision(after: refusal(503), random: 1) }
    #expect(waits == [0.25, 0.5, 1, 2, 4].map { .wait(.seconds($0)) } + [.fail])
  }

  @Test(arguments: [400, 401, 404, 422, 500]) func `never if it was the call's fault`(status: Int) {
    var retry = Retry(patience: 60)
    #expect(retry.decision(after: refusal(status), random: 0) == .fail)
  }
}
