import TandemInference

/// What a session refuses, and that it survives being asked.
extension SessionLaws {
  mutating func checkErrors() async throws {
    let tokens = tokens

    try await law("an empty session has nothing to go on from") { laws, session in
      let isExpected: (EngineError) -> Bool = { $0.code == "invalid-parameter" }
      try await laws.expect("generating", throws: isExpected) { try await session.sample(laws.request(1)) }
      if laws.model.capabilities.contains(.logits) {
        try await laws.expect("reading logits", throws: isExpected) { try await laws.logits(session) }
      }
      if laws.model.capabilities.contains(.score) {
        try await laws.expect("scoring", throws: isExpected) { try await laws.scoring(session).score(tokens) }
      }
      try laws.expect("evaluated", try await session.extend(to: tokens), is: tokens.count)
    }

    try await law("a token outside the vocabulary is refused") { laws, session in
      try await session.extend(to: tokens)
      let isExpected: (EngineError) -> Bool = { $0.code == "invalid-parameter" }
      for stranger in [Token(rawValue: Int32(laws.model.tokenizer.vocabulary.size)), -1, 2_147_483_647] {
        try await laws.expect("extending to \(stranger)", throws: isExpected) {
          try await session.extend(to: tokens + [stranger])
        }
        guard laws.model.capabilities.contains([.logits, .score]) else { continue }
        try await laws.expect("scoring \(stranger)", throws: isExpected) {
          try await laws.scoring(session).score([stranger])
        }
        try await laws.expect("the log-probability of \(stranger)", throws: isExpected) {
          try await laws.scoring(session).logProbabilities(of: [stranger])
        }
      }
      try laws.expect("tokens", await session.tokens, is: tokens)
    }

    try await law("a request that makes no sense is refused") { laws, session in
      try await session.extend(to: tokens)
      var hot = laws.request(1)
      hot.sampling.temperature = -1
      for request in [laws.request(0), laws.request(1, stops: [.text("")]), hot] {
        try await laws.expect("generating", throws: { $0.code == "invalid-parameter" }) {
          try await session.sample(request)
        }
      }
      try laws.expect("tokens", await session.tokens, is: tokens)
    }

    try await law("more tokens than fit are refused, and nothing is lost") { laws, session in
      try await session.extend(to: tokens)
      let many = tokens + Array(repeating: tokens[0], count: laws.model.contextSize)
      try await laws.expect("extending", throws: { $0.code == "context-full" }) { try await session.extend(to: many) }
      try laws.expect("tokens", await session.tokens, is: tokens)
      try laws.expect("evaluated", try await session.extend(to: tokens), is: 0)
    }

    try await law("closing twice is closing once, and nothing is answered afterwards") { laws, session in
      try await session.extend(to: tokens)
      await session.close()
      await session.close()
      let isExpected: (EngineError) -> Bool = { $0 == .sessionClosed }
      try await laws.expect("extending", throws: isExpected) { try await session.extend(to: tokens) }
      try await laws.expect("generating", throws: isExpected) { try await session.sample(laws.request(1)) }
      if laws.model.capabilities.contains(.logits) {
        try await laws.expect("reading logits", throws: isExpected) { try await laws.logits(session) }
      }
      if laws.model.capabilities.contains(.score) {
        try await laws.expect("scoring", throws: isExpected) { try await laws.scoring(session).score(tokens) }
      }
      if laws.model.capabilities.contains(.fork) {
        try await laws.expect("forking", throws: isExpected) { try await session.fork() }
      }
      if laws.model.capabilities.contains(.state) {
        try await laws.expect("saving", throws: isExpected) { try await laws.state(session).save() }
      }
      try laws.expect("tokens", await session.tokens, is: [])
    }

    try await law("a cancelled task evaluates nothing") { laws, session in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await session.extend(to: tokens)
      }
      if (try? await task.value) != nil { throw Violation(what: "extending throws nothing") }
      try laws.expect("tokens", await session.tokens, is: [])
      try laws.expect("evaluated", try await session.extend(to: tokens), is: tokens.count)
    }
  }
}
