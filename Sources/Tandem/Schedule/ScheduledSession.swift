import Synchronization
import TandemInference

/// A session of an engine that holds other tokens than it shows, as many of them.
final class ScheduledSession: ScoringSession, WarmingSession {
  private let inner: any Session
  let model: ScheduledModel
  private let state: Mutex<State>

  private struct State {
    /// What its user sees.
    var shown: [Token] = []
    /// What the engine's cache holds.
    var held: [Token] = []
    /// The numbers of the stretches that have read since something was written last.
    var readings: [Int] = []
    /// What a proposer takes the tokens at these places for.
    var proposed: [Int: Token] = [:]

    /// Makes it show `tokens`; returns what the engine has to hold for that, and how many of these are new.
    mutating func show(_ tokens: [Token]) -> (held: [Token], missing: Int) {
      let common = shown.commonPrefixCount(with: tokens)
      held = Array(held[..<common]) + tokens[common...]
      shown = tokens
      if !proposed.isEmpty { proposed = proposed.filter { $0.key < common } }
      return (held, tokens.count - common)
    }
  }

  convenience init(_ inner: any Session, of model: ScheduledModel) { self.init(inner, of: model, State()) }

  private init(_ inner: any Session, of model: ScheduledModel, _ state: State) {
    self.inner = inner
    self.model = model
    self.state = Mutex(state)
  }

  /// What its user has seen; nothing if the engine answers nothing, to a cancelled task for example.
  var tokens: [Token] { get async { await inner.tokens.isEmpty ? [] : state.withLock { $0.shown } } }
  var counters: EngineCounters { get async { await inner.counters } }

  @discardableResult
  func extend(to tokens: [Token]) async throws -> Int {
    let (held, missing) = show(tokens)
    guard missing > 0 else { return try await inner.extend(to: held) }
    let stretch = beginReading(missing)
    defer { endReading(stretch) }
    return try await inner.extend(to: held)
  }

  func generate(_ request: GenerationRequest) -> Generation {
    let generation = ScheduledGeneration(request, in: self)
    return Generation(unfolding: { try await generation.next() })
  }

  func fork() async throws -> ScheduledSession {
    var copy = state.withLock { $0 }
    copy.readings = []
    return ScheduledSession(try await inner.fork(), of: model, copy)
  }

  func close() async { await inner.close() }

  /// Scores and warming, if the engine has them. Rows of logits would contradict the schedule.
  func interface<Interface>(_ type: Interface.Type) -> Interface? {
    let has: Bool
    if type == (any ScoringSession).self {
      has = inner.interface((any ScoringSession).self) != nil
    } else if type == (any WarmingSession).self {
      has = inner.interface((any WarmingSession).self) != nil
    } else {
      has = false
    }
    return has ? self as? Interface : nil
  }

  func warmUp(with tokens: [Token]) {
    let held = state.withLock { state in
      var copy = state
      return copy.show(tokens).held
    }
    inner.interface((any WarmingSession).self)?.warmUp(with: held)
  }

  // MARK: - Judging

  func logProbabilities(of candidates: [Token]) async throws -> [Float] {
    _ = try await scoring { try await $0.logProbabilities(of: candidates) }
    return model.judgement(of: candidates)
  }

  func score(_ continuation: [Token]) async throws -> [Float] {
    let scores = try await scoring { try await $0.score(continuation) }
    return scores.map { _ in model.logProbability }
  }

  private func scoring(_ body: (any ScoringSession) async throws -> [Float]) async throws -> [Float] {
    let session = try inner.require((any ScoringSession).self, .score, of: model)
    let stretch = model.times.begin(model.role, .scoring)
    defer {
      model.times.end(stretch)
      model.times.wereScoring(state.withLock { $0.readings })
    }
    return try await body(session)
  }

  // MARK: - For its generations

  func show(_ tokens: [Token]) -> (held: [Token], missing: Int) { state.withLock { $0.show(tokens) } }

  /// What its user sees.
  var shown: [Token] { state.withLock { $0.shown } }

  /// Notes a token that the engine has drawn, and the one that it is shown as.
  func note(_ drawn: Token, shownAs token: Token) {
    state.withLock {
      $0.held.append(drawn)
      $0.shown.append(token)
      $0.readings = []
    }
  }

  /// Notes what a proposer has proposed, or is to take for it, by the place.
  func note(proposed tokens: [Int: Token]) { state.withLock { $0.proposed.merge(tokens) { $1 } } }

  /// Tokens of this session as a proposer has them in its cache.
  func asProposed(_ tokens: [Token]) -> [Token] {
    var tokens = tokens
    for (place, token) in state.withLock({ $0.proposed }) where place < tokens.count { tokens[place] = token }
    return tokens
  }

  /// Begins to time the reading of `count` tokens, the last of which belong to the chain.
  func beginReading(_ count: Int) -> CallTimes.Stretch {
    let chain = min(count, model.progress.chain)
    return model.times.begin(model.role, .reading, chainShare: Double(chain) / Double(count))
  }

  func endReading(_ stretch: CallTimes.Stretch) {
    let number = model.times.end(stretch)
    state.withLock { $0.readings.append(number) }
  }

  /// Lets the engine write.
  func engineGenerates(_ request: GenerationRequest) -> Generation { inner.generate(request) }
}

extension ScheduledModel {
  /// ln p of every token that is written.
  var logProbability: Float { Softmax.log(Float(text.schedule.confidence)) }

  /// ln p of each label: nearly all of it is on the one that the schedule chooses. Labels from 0 up are marks, of which a
  /// step that is kept gets the best; others are those of drafts, of which the last one rejects them all.
  func judgement(of labels: [Token]) -> [Float] {
    let schedule = text.schedule
    let areMarks = labels.first.map { tokenizer.decode([$0]) == "0" } ?? false
    let isLast = areMarks ? schedule.keepsStep(at: progress.thinking) : schedule.rejectsDrafts
    let chosen = isLast ? labels.count - 1 : 0
    return labels.indices.map { $0 == chosen ? -0.01 : -10 }
  }
}
