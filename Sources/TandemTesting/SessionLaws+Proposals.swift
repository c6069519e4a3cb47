import TandemInference

/// That proposals change how fast a generation is, and nothing else.
extension SessionLaws {
  mutating func checkProposals() async throws {
    let tokens = tokens

    guard model.capabilities.contains(.proposals) else {
      try await law("a proposer that can't be asked is refused") { laws, session in
        try await session.extend(to: tokens)
        var request = laws.request(3)
        request.proposer = .immediate { _ in [] }
        try await laws.expect("generating", throws: { $0.code == "unsupported" }) { try await session.sample(request) }
        try laws.expect("tokens", await session.tokens, is: tokens)
      }
      return
    }

    // Rows of one pass are rounded differently: where that is much, another token may be drawn.
    if tolerance < 0.1 {
      for guess in Guess.allCases {
        try await law("what is proposed changes nothing that is drawn: \(guess)", needs: .proposals) { laws, session in
          for sampling in [laws.request(1).sampling, .greedy] {
            try await laws.compare(session, guess, sampling: sampling)
          }
        }
      }

      try await law("a stop among accepted tokens is a stop", needs: .proposals) { laws, session in
        let written = try await laws.written(session, laws.request(12))
        var stopping = laws.request(12, stops: [.token(written[5])])
        let expected = try await laws.written(session, stopping)
        stopping.proposer = laws.proposer(.right, of: written)
        try laws.expect("tokens", try await laws.written(session, stopping), is: expected)
        try laws.expect("what the session holds", await session.tokens, is: tokens + expected)
        let fresh = try await laws.freshDistribution(after: tokens + expected)
        try laws.expect("distribution", try await laws.distribution(session), isCloseTo: fresh)
      }
    }

    try await law("what a proposer throws ends the generation, and leaves the session usable", needs: .proposals) {
      laws, session in
      try await session.extend(to: tokens)
      var request = laws.request(9)
      request.proposer = .deferred { _ in throw EngineError.decodeFailed(code: 7) }
      try await laws.expect("generating", throws: { $0 == .decodeFailed(code: 7) }) {
        try await session.sample(request)
      }
      try laws.expect("drawn", await session.tokens.count, is: tokens.count + 1)
      try laws.expect("sampled", try await session.sample(laws.request(2)).count, is: 2)
    }
  }

  /// What may be proposed.
  fileprivate enum Guess: CaseIterable {
    case right, rightLater, wrong, wrongAfterOne, endless, foreign
  }

  /// - Parameter written: What will be drawn.
  private func proposer(_ guess: Guess, of written: [Token]) -> Proposer {
    let size = Int32(model.tokenizer.vocabulary.size)
    @Sendable func propose(_ context: ProposalContext) -> [Token] {
      let rest = Array(written[context.drawn...])
      let wrong = rest.map { Token(rawValue: ($0.rawValue + 1) % size) }
      return switch guess {
      case .right, .rightLater: Array(rest.prefix(3))
      case .wrong: Array(wrong.prefix(3))
      case .wrongAfterOne: Array(rest.prefix(1) + wrong.dropFirst().prefix(2))
      case .endless: rest + Array(repeating: rest[0], count: model.contextSize)
      case .foreign: Array(rest.prefix(1)) + [Token(rawValue: size), -1]
      }
    }
    guard case .rightLater = guess else { return .immediate(propose) }
    return .deferred { context in
      await Task.yield()
      return propose(context)
    }
  }

  private func written(_ session: any Session, _ request: GenerationRequest) async throws -> [Token] {
    try await session.extend(to: tokens)
    return try await session.sample(request).map(\.token)
  }

  /// Draws with and without proposals.
  private func compare(_ session: any Session, _ guess: Guess, sampling: SamplingParameters) async throws {
    var request = request(12)
    request.sampling = sampling
    try await session.extend(to: tokens)
    let before = await session.counters
    let expected = try await session.sample(request)
    let cost = await session.counters - before
    try await session.extend(to: tokens)
    request.proposer = proposer(guess, of: expected.map(\.token))
    let found = try await session.sample(request)
    let costWith = await session.counters - before - cost
    try expect("drawn", found.map(\.token), is: expected.map(\.token))
    try expect("stops", found.map(\.stop), is: expected.map(\.stop))
    try expect(
      "log-probabilities", found.map { $0.logProbability.exact ?? .nan },
      isCloseTo: expected.map { $0.logProbability.exact ?? .nan })
    try expect("tokens", await session.tokens, is: tokens + expected.map(\.token))
    try expect(
      "cost", [costWith.prefilled, costWith.sampled, costWith.decoded],
      is: [cost.prefilled, cost.sampled, cost.decoded])
    // The first token is drawn from the prompt's row, and the last one is not evaluated.
    let (proposed, accepted) = (costWith.proposals.proposed, costWith.proposals.accepted)
    switch guess {
    case .right, .rightLater:
      try expect("proposed", proposed, is: [3, 3, 2])
      try expect("accepted", accepted, is: proposed)
    case .wrong: try expect("accepted", accepted, is: [])
    case .wrongAfterOne: try expect("accepted places", accepted.count, is: 1)
    case .endless: try expect("accepted", accepted, is: Array(repeating: 1, count: 10))
    case .foreign: try expect("accepted", accepted, is: proposed)
    }
    if guess.isRight { try expect("rows in vain", costWith.proposals.rejected, is: 0) }
  }
}

extension SessionLaws.Guess {
  fileprivate var isRight: Bool { self == .right || self == .rightLater || self == .endless || self == .foreign }
}
