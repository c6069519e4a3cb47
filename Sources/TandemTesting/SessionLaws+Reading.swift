import TandemInference

/// What logits, log-probabilities and scores promise.
extension SessionLaws {
  mutating func checkReading() async throws {
    let tokens = tokens
    let cut = tokens.count / 2
    let (start, rest) = (Array(tokens[..<cut]), Array(tokens[cut...]))

    try await law("there is a logit for each entry of the vocabulary", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let row = try await laws.logits(session)
      try laws.expect("count", row.count, is: laws.model.tokenizer.vocabulary.size)
      try laws.expect("whether one is not a number", row.contains(where: \.isNaN), is: false)
    }

    try await law("reading logits appends nothing", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let first = try await laws.distribution(session)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: first)
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("prefilled", await session.counters.prefilled, is: tokens.count)
    }

    try await law("log-probabilities are those of the logits", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let row = try await laws.distribution(session)
      let candidates = [tokens[1], tokens[0], tokens[1]]
      let found = try await laws.scoring(session).logProbabilities(of: candidates)
      try laws.expect("log-probabilities", found, isCloseTo: candidates.map { row[Int($0.rawValue)] })
      let total = row.reduce(into: 0.0) { $0 += Double(Softmax.exp(.init(repeating: max($1, -87)))[0]) }
      try laws.expect("whether the sum is 1", abs(total - 1) < 1e-3, is: true)
    }

    try await law("a score is the log-probabilities one by one", needs: [.score, .logits]) { laws, session in
      try await session.extend(to: start)
      let scores = try await laws.scoring(session).score(rest)
      try laws.expect("tokens afterwards", await session.tokens, is: start)
      var single: [Float] = []
      for (index, token) in rest.enumerated() {
        try await session.extend(to: start + rest[..<index])
        single += try await laws.scoring(session).logProbabilities(of: [token])
      }
      try laws.expect("scores", scores, isCloseTo: single)
    }

    try await law("scoring leaves the session as it was", needs: [.score, .logits]) { laws, session in
      try await session.extend(to: start)
      let before = try await laws.distribution(session)
      _ = try await laws.scoring(session).score(rest)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: before)
      try laws.expect("evaluated", try await session.extend(to: start), is: 0)
      try laws.expect("score of nothing", try await laws.scoring(session).score([]), is: [])
    }

    try await law("a session extended by scored tokens holds them", needs: [.score, .logits]) { laws, session in
      try await session.extend(to: start)
      let scores = try await laws.scoring(session).score(rest)
      try laws.expect("scores", try await laws.scoring(session).extend(by: rest), isCloseTo: scores)
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("evaluated", try await session.extend(to: tokens), is: 0)
      let fresh = try await laws.freshDistribution(after: tokens)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: fresh)
      try laws.expect("by nothing", try await laws.scoring(session).extend(by: []), is: [])
      try await session.extend(to: start)
      try laws.expect("tokens after a rewind", await session.tokens, is: start)
    }

    try await law("scoring costs a row less than it has tokens", needs: .score) { laws, session in
      try await session.extend(to: start)
      let before = await session.counters
      _ = try await laws.scoring(session).score(rest)
      let cost = await session.counters - before
      try laws.expect("prefilled", cost.prefilled, is: rest.count - 1)
      try laws.expect("sampled", cost.sampled, is: 0)
    }
  }
}
