import TandemInference

/// llama-server sends no event for a token that ends inside a character, and so loses its id.
extension RemoteSession {
  /// The tokens that are missing before `tokens`, the last event's.
  ///
  /// Each missing token has at least one byte, so if there are as many bytes as tokens, each is one byte, and the ids
  /// follow. Otherwise the call is made again with its whole answer at once: the same seed draws the same tokens.
  func repair(
    _ missing: MissingTokens, before tokens: [ReportedToken], in generation: RemoteGeneration
  ) async throws -> [ReportedToken] {
    let known = tokens.flatMap { model.tokenizer.bytes(of: $0.token) }
    if !tokens.isEmpty, missing.bytes.count == missing.count + known.count, missing.bytes.hasSuffix(known) {
      let bytes = missing.bytes.prefix(missing.count)
      let found = bytes.compactMap { model.singleBytes[$0] }
      if found.count == missing.count { return found.map { ReportedToken(token: $0) } }
    }
    return try await askAgain(for: missing.count, before: tokens.map(\.token), in: generation)
  }

  private func askAgain(
    for count: Int, before last: [Token], in generation: RemoteGeneration
  ) async throws -> [ReportedToken] {
    guard let dialect = model.dialect as? LlamaServerDialect else {
      throw RemoteFault("it left out \(count) token ids")
    }
    var call = generation.call
    call.limit = generation.received + count + last.count
    (call.stopTexts, call.stopTokens) = ([], [])
    countServer { $0.calls += 1 }
    // Not through the pool: this call is a part of one that holds a place.
    let answer = try await model.transport.send(named(try dialect.repetition(call)))
    let all = try dialect.tokens(of: answer)
    let found = all.dropFirst(generation.received).prefix(count)
    guard found.count == count, Array(all.dropFirst(generation.received + count).prefix(last.count)) == last else {
      throw RemoteFault("it left out \(count) token ids, and the same call draws other tokens the second time")
    }
    return found.map { ReportedToken(token: $0) }
  }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ other: [UInt8]) -> Bool { count >= other.count && Array(suffix(other.count)) == other }
}
