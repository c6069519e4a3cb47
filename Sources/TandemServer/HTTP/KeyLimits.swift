import Hummingbird
import Synchronization
import Tandem

/// Holds each key to its runs at once and its tokens a minute.
final class KeyLimits: Sendable {
  private let states = Mutex<[String: State]>([:])
  private let now: @Sendable () -> ContinuousClock.Instant

  private struct State {
    var runs = 0
    /// Tokens that may be used at once; below 0 after a run that took more. It grows to those of one minute.
    var tokens = 0.0
    var time: ContinuousClock.Instant
  }

  init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

  /// Begins a run, or throws a `ServerError` with the time after which another one can begin.
  func begin(_ key: APIKey) throws {
    try states.withLock { states in
      var state = state(of: key, in: states)
      if let most = key.runs, state.runs >= most {
        throw ServerError.tooMany("The key '\(key.name)' may have \(most) runs at once, and has them.", wait: 1)
      }
      if let rate = key.tokensPerMinute, state.tokens <= 0 {
        let wait = (1 - state.tokens) * 60 / Double(rate)
        throw ServerError.tooMany(
          "The key '\(key.name)' may use \(rate) tokens a minute, and has used them.", wait: wait)
      }
      state.runs += 1
      states[key.name] = state
    }
  }

  /// Ends a run that used `tokens`.
  func end(_ key: APIKey, tokens: Int) {
    states.withLock { states in
      var state = state(of: key, in: states)
      state.runs -= 1
      state.tokens -= Double(tokens)
      states[key.name] = state
    }
  }

  private func state(of key: APIKey, in states: [String: State]) -> State {
    let rate = Double(key.tokensPerMinute ?? 0)
    guard var state = states[key.name] else { return State(tokens: rate, time: now()) }
    let time = now()
    state.tokens = min(rate, state.tokens + (time - state.time) / .seconds(60) * rate)
    state.time = time
    return state
  }
}

/// Holds callers to the limits of their keys, on the paths that run models.
struct LimitMiddleware: RouterMiddleware {
  let limits: KeyLimits
  /// The paths of requests that make runs.
  let paths: Set<String>

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard let caller = context.caller, request.method == .post, paths.contains(request.uri.path) else {
      return try await next(request, context)
    }
    try limits.begin(caller)
    let (limits, record) = (limits, context.record)
    do {
      return try await next(request, context).onceOver {
        limits.end(caller, tokens: record.notes.usage.map { $0.small.tokens + $0.large.tokens } ?? 0)
      }
    } catch {
      limits.end(caller, tokens: 0)
      throw error
    }
  }
}

extension RoleUsage {
  fileprivate var tokens: Int { prefilled + sampled }
}
