import TandemInference

/// What a generation promises about its tokens and its books.
extension SessionLaws {
  mutating func checkWriting() async throws {
    let tokens = tokens

    try await law("what was sampled is what the session holds") { laws, session in
      try await session.extend(to: tokens)
      let sampled = try await session.sample(laws.request(5))
      try laws.expect("sampled", sampled.count, is: 5)
      try laws.expect("tokens", await session.tokens, is: tokens + sampled.map(\.token))
      let all = await session.tokens
      try laws.expect("evaluated", try await session.extend(to: all), is: 0)
    }

    try await law("writing after a prefix is extending to it and writing") { laws, session in
      try await session.extend(to: tokens)
      let apart = try await session.sample(laws.request(6)).map(\.token)
      try await session.extend(to: Array(tokens.prefix(1)))
      var request = laws.request(6)
      request.prefix = tokens
      try laws.expect("sampled", try await session.sample(request).map(\.token), is: apart)
      try laws.expect("tokens", await session.tokens, is: tokens + apart)
      request.prefix = Array(tokens.dropLast())
      try laws.expect("after rewinding", try await session.sample(request).count, is: 6)
      try laws.expect("beginning", Array(await session.tokens.prefix(tokens.count - 1)), is: Array(tokens.dropLast()))
    }

    try await law("only the last token has a stop reason") { laws, session in
      try await session.extend(to: tokens)
      let sampled = try await session.sample(laws.request(4))
      try laws.expect("stops", sampled.map(\.stop), is: [nil, nil, nil, .limit])
    }

    try await law("the same seed draws the same tokens, another seed others") { laws, session in
      try await session.extend(to: tokens)
      let first = try await session.sample(laws.request(8, seed: 3)).map(\.token)
      try await session.extend(to: tokens)
      try laws.expect("again", try await session.sample(laws.request(8, seed: 3)).map(\.token), is: first)
      var others: Set<[Token]> = [first]
      for seed: UInt64 in 4..<14 {
        try await session.extend(to: tokens)
        others.insert(try await session.sample(laws.request(8, seed: seed)).map(\.token))
      }
      try laws.expect("whether ten other seeds draw anything else", others.count > 1, is: true)
    }

    try await law("greedy decoding takes the likeliest token", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let row = try await laws.logits(session)
      var request = laws.request(1)
      request.sampling = .greedy
      let token = try await session.sample(request).first?.token ?? -1
      try laws.expect("logit", row[Int(token.rawValue)], is: row.max() ?? 0)
    }

    try await law("a sampled token tells its own log-probability", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let row = try await laws.distribution(session)
      var request = laws.request(1)
      request.alternatives = 3
      let sampled = try await session.sample(request)
      try laws.expect(
        "log-probability", sampled.map { $0.logProbability.exact ?? .nan },
        isCloseTo: sampled.map { row[Int($0.token.rawValue)] })
      let likeliest = row.sorted(by: >).prefix(3)
      let alternatives = sampled.flatMap(\.alternatives).map(\.logProbability)
      try laws.expect("alternatives", alternatives, isCloseTo: Array(likeliest))
    }

    try await law("a processor changes what is drawn", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      var request = laws.request(1)
      request.sampling = .greedy
      let first = try await session.sample(request).map(\.token)
      try await session.extend(to: tokens)
      request.processors = [TokenBan(first)]
      let second = try await session.sample(request).map(\.token)
      try laws.expect("whether a banned token is drawn", second == first, is: false)
    }

    try await law("after a generation the logits are those of a fresh prefill", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      _ = try await session.sample(laws.request(3))
      let all = await session.tokens
      let fresh = try await laws.freshDistribution(after: all)
      try laws.expect("distribution", try await laws.distribution(session), isCloseTo: fresh)
    }

    try await law("discarding what was sampled costs nothing") { laws, session in
      try await session.extend(to: tokens)
      let before = await session.counters.prefilled
      _ = try await session.sample(laws.request(4))
      try laws.expect("evaluated", try await session.extend(to: tokens), is: 0)
      _ = try await session.sample(laws.request(2))
      try laws.expect("prefilled", await session.counters.prefilled, is: before)
    }

    try await law("the counters add up") { laws, session in
      let before = laws.model.counters
      let given = try await session.extend(to: tokens)
      let first = try await session.sample(laws.request(4))
      // Its last token is still to be evaluated: it is the session's own, and what follows is not.
      let more = try await session.extend(to: tokens + first.map(\.token) + tokens.prefix(3))
      let second = try await session.sample(laws.request(2))
      let counters = await session.counters
      try laws.expect("given", [given, more], is: [tokens.count, 3])
      try laws.expect("prefilled", counters.prefilled, is: given + more)
      try laws.expect("sampled", counters.sampled, is: first.count + second.count)
      // Each sampled token is evaluated, but for the very last one.
      try laws.expect("decoded", counters.decoded, is: first.count + second.count - 1)
      let all = laws.model.counters - before
      try laws.expect(
        "the model's own", [all.prefilled, all.sampled, all.decoded],
        is: [counters.prefilled, counters.sampled, counters.decoded])
    }
  }
}
