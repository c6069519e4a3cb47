public import TandemInference

/// Checks the laws that every `Session` keeps, and returns those that a model's sessions break, with what happened.
///
/// Laws about something that the model can't do (`capabilities`) are left out. Opens two sessions at a time.
///
///     #expect(try await checkSession(of: model, tokens: model.tokenizer.encode("Two and two", control: .asText)) == [])
///
/// - Parameters:
///   - model: Whose sessions are checked.
///   - adapter: What the sessions have on, if anything.
///   - tokens: Some text of the model's, at least 8 tokens.
///   - tolerance: How far log-probabilities may be apart that were computed in batches of different shapes.
public func checkSession(
  of model: any LanguageModel, adapter: Adapter? = nil, tokens: [Token], tolerance: Float = 1e-4
) async throws -> [String] {
  guard tokens.count >= 8 else {
    throw EngineError.invalidParameter(name: "tokens", reason: "must be at least 8, not \(tokens.count)")
  }
  var laws = SessionLaws(model: model, adapter: adapter, tokens: tokens, tolerance: tolerance)
  try await laws.checkCache()
  try await laws.checkReading()
  try await laws.checkWriting()
  try await laws.checkStopping()
  try await laws.checkProposals()
  try await laws.checkErrors()
  return laws.broken
}

struct SessionLaws {
  let model: any LanguageModel
  let adapter: Adapter?
  let tokens: [Token]
  let tolerance: Float
  private(set) var broken: [String] = []

  init(model: any LanguageModel, adapter: Adapter?, tokens: [Token], tolerance: Float) {
    self.model = model
    self.adapter = adapter
    self.tokens = tokens
    self.tolerance = tolerance
  }

  /// Why a law is broken.
  struct Violation: Error {
    let what: String
  }

  /// Checks one law on a fresh session.
  mutating func law(
    _ name: String, needs: EngineCapabilities = [], _ check: (SessionLaws, any Session) async throws -> Void
  ) async throws {
    guard model.capabilities.isSuperset(of: needs) else { return }
    let session = try await model.makeSession(adapter: adapter)
    do {
      try await check(self, session)
    } catch let violation as Violation {
      broken.append("\(name): \(violation.what)")
    } catch {
      try Task.checkCancellation()
      broken.append("\(name): throws \(error)")
    }
    await session.close()
  }

  // MARK: - Words for laws

  func expect<Value: Equatable>(_ what: String, _ value: Value, is expected: Value) throws(Violation) {
    guard value == expected else { throw Violation(what: "\(what) is \(value), not \(expected)") }
  }

  /// Compares rows of logits or log-probabilities, as distributions.
  func expect(_ what: String, _ row: [Float], isCloseTo expected: [Float]) throws(Violation) {
    try expect("count of \(what)", row.count, is: expected.count)
    let worst = zip(row, expected).map { $0 == $1 ? 0 : abs($0 - $1) }.max() ?? 0
    guard worst <= tolerance, !(row + expected).contains(where: \.isNaN) else {
      throw Violation(what: "\(what) is off by \(worst)")
    }
  }

  func expect<Value>(
    _ what: String, throws isExpected: (EngineError) -> Bool, _ action: () async throws -> Value
  ) async throws {
    do {
      _ = try await action()
    } catch let error as EngineError {
      guard !isExpected(error) else { return }
      throw Violation(what: "\(what) throws \(error.code): \(error)")
    }
    throw Violation(what: "\(what) throws nothing")
  }

  /// The logits of the next token.
  func logits(_ session: any Session) async throws -> [Float] {
    try await session.require((any LogitSession).self, .logits, of: model).logits()
  }

  /// What scores a continuation.
  func scoring(_ session: any Session) throws -> any ScoringSession {
    try session.require((any ScoringSession).self, .score, of: model)
  }

  /// What saves the cache.
  func state(_ session: any Session) throws -> any StateSession {
    try session.require((any StateSession).self, .state, of: model)
  }

  /// The next token's distribution, as logarithms.
  func distribution(_ session: any Session) async throws -> [Float] {
    let row = try await logits(session)
    let sum = Softmax(row.span).logSumExp
    return row.map { $0 - sum }
  }

  /// The distribution that a session computes which has never held anything but `tokens`.
  func freshDistribution(after tokens: [Token]) async throws -> [Float] {
    let session = try await model.makeSession(adapter: adapter)
    do {
      try await session.extend(to: tokens)
      let row = try await distribution(session)
      await session.close()
      return row
    } catch {
      await session.close()
      throw error
    }
  }

  /// A request that can end by its limit only.
  func request(_ limit: Int, seed: UInt64 = 7, stops: [StopCondition] = []) -> GenerationRequest {
    GenerationRequest(
      sampling: .init(temperature: 1, topP: 1), seed: seed, stops: stops, limit: limit, ignoresEndOfGeneration: true)
  }
}
