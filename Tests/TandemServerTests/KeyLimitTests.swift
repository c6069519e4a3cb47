import Synchronization
import Tandem
import Testing

@testable import TandemServer

/// A clock that a test sets.
private final class TestClock: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func pass(_ duration: Duration) { time.withLock { $0 += duration } }
}

@Suite struct `The limits of a key` {
  private let clock = TestClock()
  private let limits: KeyLimits

  init() { limits = KeyLimits { [clock] in clock.now } }

  private func wait(_ key: APIKey) -> Int? {
    do {
      try limits.begin(key)
      return nil
    } catch { return (error as? ServerError)?.retryAfter }
  }

  @Test func `hold for its runs at once, whatever other keys have`() {
    let key = APIKey(name: "a", key: "0123456789abcdef", runs: 2)
    #expect(wait(key) == nil)
    #expect(wait(key) == nil)
    #expect(wait(key) == 1)
    #expect(wait(APIKey(name: "b", key: "0123456789abcdeg", runs: 2)) == nil)
    limits.end(key, tokens: 0)
    #expect(wait(key) == nil)
  }

  @Test func `let it use the tokens of a minute at once, and then as many a minute`() {
    let key = APIKey(name: "a", key: "0123456789abcdef", tokensPerMinute: 600)
    #expect(wait(key) == nil)
    limits.end(key, tokens: 599)
    #expect(wait(key) == nil)  // nobody can tell before how many it will take
    limits.end(key, tokens: 301)
    #expect(wait(key) == 31)  // 300 too many at 10 a second, and one more
    clock.pass(.seconds(29))
    #expect(wait(key) == 2)
    clock.pass(.seconds(2))
    #expect(wait(key) == nil)
    clock.pass(.seconds(3600))
    limits.end(key, tokens: 600)
    #expect(wait(key) != nil)  // an hour of rest makes no more than a minute's tokens
  }
}
