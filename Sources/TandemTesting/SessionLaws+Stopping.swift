import TandemInference

/// Where a generation ends, and what is left then.
extension SessionLaws {
  mutating func checkStopping() async throws {
    let tokens = tokens

    /// What a session would write with no stop but its limit.
    func free(_ laws: SessionLaws, _ session: any Session) async throws -> [Token] {
      try await session.extend(to: tokens)
      let written = try await session.sample(laws.request(12)).map(\.token)
      try await session.extend(to: tokens)
      return written
    }

    try await law("a stop token ends the generation and is its last token") { laws, session in
      let written = try await free(laws, session)
      let last = written[5]
      let expected = Array(written[...(written.firstIndex(of: last) ?? 5)])
      let stopped = try await session.sample(laws.request(12, stops: [.token(last)]))
      try laws.expect("tokens", stopped.map(\.token), is: expected)
      try laws.expect("reason", stopped.last?.stop, is: .token(last))
    }

    try await law("a stop text ends the generation with the token that completes it") { laws, session in
      let written = try await free(laws, session)
      let tokenizer = laws.model.tokenizer
      // The text of three tokens, so that it must be found across them.
      guard
        let text = String(validating: written[3...5].flatMap(tokenizer.bytes(of:)), as: UTF8.self), !text.isEmpty
      else { return }
      let stopped = try await session.sample(laws.request(12, stops: [.text(text)]))
      try laws.expect("tokens", stopped.map(\.token), is: Array(written.prefix(stopped.count)))
      try laws.expect("reason", stopped.last?.stop, is: .text(text))
      try laws.expect("whether it ends in time", stopped.count <= 6, is: true)
      let said = tokenizer.decode(stopped.map(\.token))
      try laws.expect("whether the text is there", said.contains(text), is: true)
      let before = tokenizer.decode(stopped.dropLast().map(\.token))
      try laws.expect("whether it was there before", before.contains(text), is: false)
    }

    for side in [EntropyBound.Side.above, .below] {
      try await law("a bound on entropy ends the generation with the token that crosses it: \(side)") { laws, session in
        try await session.extend(to: tokens)
        let written = try await session.sample(laws.request(12))
        // The mean of three tokens, half way between its least and its most: some stretch is on either side.
        let entropies = written.compactMap(\.entropy.exact)
        guard entropies.count == written.count else { return }  // bounds may lie on both sides
        let means: [Float] = (2..<12).map { end in entropies[(end - 2)...end].reduce(0, +) / 3 }
        let middle = ((means.min() ?? 0) + (means.max() ?? 0)) / 2
        guard let place = means.firstIndex(where: { side == .above ? $0 > middle : $0 < middle }) else { return }
        try await session.extend(to: tokens)
        let bound = EntropyBound(side, middle, window: 3, minimumTokens: 3)
        let stopped = try await session.sample(laws.request(12, stops: [.entropy(bound)]))
        try laws.expect("tokens", stopped.map(\.token), is: written.prefix(place + 3).map(\.token))
        try laws.expect("reason", stopped.last?.stop, is: .entropy)
        try laws.expect("what the session holds", await session.tokens, is: tokens + stopped.map(\.token))
      }
    }

    try await law("an end of generation ends it, unless it is to be ignored", needs: .logits) { laws, session in
      try await session.extend(to: tokens)
      let size = Int32(laws.model.tokenizer.vocabulary.size)
      let endings = (0..<size).map(Token.init(rawValue:)).filter(laws.model.tokenizer.isEndOfGeneration)
      guard !endings.isEmpty else { return }
      var request = laws.request(3)
      request.processors = [OnlyThese(tokens: Set(endings))]
      try laws.expect("when ignored", try await session.sample(request).map(\.stop), is: [nil, nil, .limit])
      try await session.extend(to: tokens)
      request.ignoresEndOfGeneration = false
      try laws.expect("when not", try await session.sample(request).map(\.stop), is: [.endOfGeneration])
    }

    try await law("leaving a generation early leaves the session usable") { laws, session in
      try await session.extend(to: tokens)
      var seen: [Token] = []
      for try await sampled in session.generate(laws.request(200)) {
        seen.append(sampled.token)
        if seen.count == 3 { break }
      }
      try laws.expect("evaluated", try await session.extend(to: tokens + seen), is: 0)
      try laws.expect("tokens", await session.tokens, is: tokens + seen)
      try laws.expect("sampled", try await session.sample(laws.request(2)).count, is: 2)
    }

    try await law("a cancelled generation ends, and leaves the session usable") { laws, session in
      try await session.extend(to: tokens)
      let stream = session.generate(laws.request(10_000))
      let task = Task {
        var count = 0
        for try await _ in stream { count += 1 }
        return count
      }
      task.cancel()
      let count = (try? await task.value) ?? 0
      try laws.expect("whether it went on to its limit", count == 10_000, is: false)
      try await session.extend(to: tokens)
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("sampled", try await session.sample(laws.request(2)).count, is: 2)
    }
  }
}

/// Forbids everything but some tokens.
private struct OnlyThese: LogitProcessor {
  let tokens: Set<Token>

  func process(_ logits: inout MutableSpan<Float>, after _: [Token]) {
    for index in logits.indices {
      logits[index] = tokens.contains(Token(rawValue: Int32(index))) ? 0 : -.infinity
    }
  }
}
