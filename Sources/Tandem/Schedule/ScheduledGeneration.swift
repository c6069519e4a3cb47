import Synchronization
import TandemInference

/// A generation whose tokens the engine draws and the schedule names.
///
/// What is written is known before it begins, so the engine is asked for exactly as many tokens: it evaluates no step
/// more than it would if it stopped by itself.
actor ScheduledGeneration {
  private let request: GenerationRequest
  private let session: ScheduledSession
  private let timer: GenerationTimer
  private var plan: [SampledToken] = []
  private var tokens: Generation.AsyncIterator?
  private var count = 0

  init(_ request: GenerationRequest, in session: ScheduledSession) {
    self.request = request
    self.session = session
    timer = GenerationTimer(session)
  }

  // A reader that has enough leaves without a word.
  deinit { timer.end() }

  /// The next token; the engine's generation begins with the first one.
  func next() async throws -> SampledToken? {
    var engine = try tokens ?? start()
    do {
      let drawn = try await engine.next(isolation: self)
      tokens = engine
      guard let drawn, count < plan.count else {
        timer.end()
        return nil
      }
      let planned = plan[count]
      count += 1
      session.note(drawn.token, shownAs: planned.token)
      if count == 1 { timer.startWriting() }
      if count == plan.count { timer.end() }
      return SampledToken(
        token: planned.token, logProbability: planned.logProbability, entropy: planned.entropy,
        alternatives: drawn.alternatives, watched: drawn.watched, stop: planned.stop)
    } catch {
      timer.end()
      throw error
    }
  }

  private func start() throws -> Generation.AsyncIterator {
    try request.validate()
    let (held, missing) = session.show(request.prefix ?? session.shown)
    plan = try session.model.plan(for: request)
    var own = request
    own.prefix = request.prefix == nil ? nil : held
    (own.stops, own.limit, own.completionLimit, own.ignoresEndOfGeneration) = ([], plan.count, 0, true)
    if let proposer = request.proposer {
      let forced = plan.map(\.token)
      own.processors.append(ForcedTokens(forced, after: held.count))
      own.proposer = ScheduledProposals(
        forced, after: held.count, acceptance: session.model.text.schedule.acceptance, seed: request.seed, in: session
      ).wrapping(proposer, timer)
    }
    timer.begin(reading: missing)
    return session.engineGenerates(own).makeAsyncIterator()
  }
}

/// Times a generation: reading up to the first token if there is something to read, then writing, without the pauses in
/// which its engine waits for draft tokens.
final class GenerationTimer: Sendable {
  private let session: ScheduledSession
  private let state = Mutex((stretch: CallTimes.Stretch?.none, isPaused: false))

  init(_ session: ScheduledSession) { self.session = session }

  func begin(reading count: Int) {
    let begun = count > 0 ? session.beginReading(count) : writing
    state.withLock { $0.stretch = begun }
  }

  /// Notes the first token.
  func startWriting() {
    guard !state.withLock({ $0.isPaused }) else { return }
    end()
    let begun = writing
    state.withLock { $0.stretch = begun }
  }

  func pause() {
    end()
    state.withLock { $0.isPaused = true }
  }

  func resume() {
    state.withLock { $0.isPaused = false }
    startWriting()
  }

  func end() {
    let ended = state.withLock { state in
      defer { state.stretch = nil }
      return state.stretch
    }
    guard let ended else { return }
    if ended.work == .reading { session.endReading(ended) } else { session.model.times.end(ended) }
  }

  private var writing: CallTimes.Stretch { session.model.times.begin(session.model.role, .decoding) }
}

extension ScheduledModel {
  /// What is written for `request`, up to where it stops.
  fileprivate func plan(for request: GenerationRequest) throws(EngineError) -> [SampledToken] {
    var (stop, planned) = (StopRule(request, tokenizer: tokenizer), [SampledToken]())
    let most = Softmax.log(Float(tokenizer.vocabulary.size))
    // Only thinking is watched for its end.
    let isThinking = request.watched != nil
    let start = isThinking ? progress.thinking : progress.answer
    while planned.last?.stop == nil {
      let place = start + planned.count
      let token =
        switch part {
        case .drafter: text.word(at: place)
        case .writer: isThinking ? text.thinking(at: place) : text.answer(at: place)
        }
      let isUncertain = isThinking && text.schedule.isUncertain(role, at: place)
      var sampled = SampledToken(
        token: token, logProbability: .exact(logProbability), entropy: .exact(most * (isUncertain ? 0.5 : 0.001)))
      sampled.stop = try stop.reason(after: sampled)
      planned.append(sampled)
    }
    return planned
  }
}
