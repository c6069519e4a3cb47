import TandemInference

/// What `extend(to:)` promises.
extension SessionLaws {
  mutating func checkCache() async throws {
    let tokens = tokens
    let half = Array(tokens.prefix(tokens.count / 2))

    try await law("a new session is empty") { laws, session in
      try laws.expect("tokens", await session.tokens, is: [])
      try laws.expect("counters", await session.counters, is: EngineCounters())
    }

    try await law("extending evaluates each token once") { laws, session in
      try laws.expect("first", try await session.extend(to: half), is: half.count)
      try laws.expect("second", try await session.extend(to: tokens), is: tokens.count - half.count)
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("prefilled", await session.counters.prefilled, is: tokens.count)
    }

    try await law("extending twice to the same tokens evaluates nothing the second time") { laws, session in
      try await session.extend(to: tokens)
      let before = await session.counters
      try laws.expect("evaluated", try await session.extend(to: tokens), is: 0)
      try laws.expect("counters", await session.counters, is: before)
    }

    try await law("extending to less drops the rest") { laws, session in
      try await session.extend(to: tokens)
      try laws.expect("evaluated", try await session.extend(to: half), is: 0)
      try laws.expect("tokens", await session.tokens, is: half)
      try laws.expect("evaluated", try await session.extend(to: []), is: 0)
      try laws.expect("tokens", await session.tokens, is: [])
    }

    try await law("after a rewind the logits are those of a fresh prefill", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      _ = try await laws.logits(session)
      try await session.extend(to: half)
      let fresh = try await laws.freshDistribution(after: half)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: fresh)
    }

    try await law("extending to something else evaluates what differs", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let other = half + tokens.suffix(tokens.count - half.count).reversed() + [tokens[0]]
      let common = tokens.commonPrefixCount(with: other)
      try laws.expect("evaluated", try await session.extend(to: other), is: other.count - common)
      try laws.expect("tokens", await session.tokens, is: other)
      let fresh = try await laws.freshDistribution(after: other)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: fresh)
    }

    try await law("a fork goes its own way", needs: [.fork, .logits]) { laws, session in
      try await session.extend(to: tokens)
      let before = try await laws.distribution(session)
      let child = try await session.fork()
      let counters = await session.counters
      try laws.expect("tokens of the fork", await child.tokens, is: tokens)
      try laws.expect("evaluated by the fork", try await child.extend(to: tokens), is: 0)
      try laws.expect("distribution of the fork", try await laws.distribution(child), isCloseTo: before)
      try await child.extend(to: half + [tokens[0]])
      _ = try await child.sample(laws.request(3))
      await child.close()
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: before)
      try laws.expect("prefilled", await session.counters.prefilled, is: counters.prefilled)
    }

    try await law("a session has the interfaces that its model's capabilities name") { laws, session in
      let capabilities = laws.model.capabilities
      func expect<Interface>(_ type: Interface.Type, _ capability: EngineCapabilities) throws {
        try laws.expect(
          "whether it is \(type)", session.interface(type) != nil, is: !capabilities.isDisjoint(with: capability))
      }
      try expect((any LogitSession).self, .logits)
      try expect((any ScoringSession).self, [.score, .logits])
      try expect((any EmbeddingSession).self, .embeddings)
      try expect((any StateSession).self, .state)
    }

    try await law("a fork holds what its parent holds") { laws, session in
      try await session.extend(to: tokens)
      let before = laws.model.counters.prefilled
      let child = try await session.fork()
      try laws.expect("tokens of the fork", await child.tokens, is: tokens)
      let cost = laws.model.capabilities.contains(.fork) ? 0 : tokens.count
      try laws.expect("evaluated", laws.model.counters.prefilled - before, is: cost)
      await child.close()
    }

    try await law("a fork lives on when its parent is closed", needs: [.fork, .logits]) { laws, session in
      try await session.extend(to: tokens)
      let before = try await laws.distribution(session)
      let child = try await session.fork()
      await session.close()
      try laws.expect("distribution", try await laws.distribution(child), isCloseTo: before)
      await child.close()
    }

    try await law("a restored session goes on where the saved one was", needs: [.state, .logits]) { laws, session in
      try await session.extend(to: tokens)
      let before = try await laws.distribution(session)
      let state = try await laws.state(session).save()
      try await session.extend(to: [tokens[0]])
      try await laws.state(session).restore(state)
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("evaluated", try await session.extend(to: tokens), is: 0)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: before)
    }

    try await law("a session restores no other model's state", needs: .state) { laws, session in
      try await session.extend(to: half)
      let foreign = SessionState(model: "another model", adapter: laws.adapter, tokens: half, bytes: [1, 2, 3])
      try await laws.expect("restoring", throws: { $0.code == "invalid-state" }) {
        try await laws.state(session).restore(foreign)
      }
      try await session.extend(to: tokens)
      try laws.expect("tokens", await session.tokens, is: tokens)
    }
  }
}
