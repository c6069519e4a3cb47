public import TandemInference

extension RemoteSession {
  /// Samples tokens at the server. Leaving the loop, or cancelling the task, closes the connection, at which the server
  /// stops decoding.
  public nonisolated func generate(_ request: GenerationRequest) -> Generation {
    let (id, leash) = (GenerationID(), StreamLeash())
    return Generation(unfolding: { try await self.next(request, id, leash) })
  }

  private func next(
    _ request: GenerationRequest, _ id: GenerationID, _ leash: StreamLeash
  ) async throws -> SampledToken? {
    guard !Task.isCancelled else {
      if generation?.id === id { stop() }
      return nil
    }
    if id.begin() { try await start(request, id, leash) }
    guard generation?.id === id else { return nil }  // over, or the session was asked for something else
    do {
      return try await sample(id)
    } catch {
      if generation?.id === id { stop() }
      if error is CancellationError { return nil }
      throw error
    }
  }

  private func start(_ request: GenerationRequest, _ id: GenerationID, _ leash: StreamLeash) async throws {
    try begin()
    try request.validate()
    if request.proposer != nil { throw EngineError.unsupported(capability: "proposals", engine: model.name) }
    await finishWarmUp()
    let before = cache.tokens
    if let prefix = request.prefix { _ = try hold(prefix) }
    let continues = before == cache.tokens
    try evaluateRow()
    let call = try call(for: request, after: cache.tokens, seed: request.seed)
    if let open = takeAhead(continues, call, request, id, leash) {
      generation = open
    } else {
      generation = try await open(call, request, id, leash)
    }
  }

  /// Asks the server.
  private func open(
    _ call: CompletionCall, _ request: GenerationRequest, _ id: GenerationID, _ leash: StreamLeash
  ) async throws -> RemoteGeneration {
    // With look-ahead the stream may serve the next request too.
    let whole = model.options.looksAhead ? nil : try model.dialect.wholeCompletion(call)
    let wire = named(try whole ?? model.dialect.completion(call))
    try await model.pool.enter(run)
    // The place is given back when the stream is over, however it ends.
    let leave: @Sendable () -> Void = { [pool = model.pool] in pool.exit() }
    let stream =
      whole == nil
      ? model.transport.stream(wire, onEnd: leave) : model.transport.wholeStream(wire, onEnd: leave)
    leash.hold(stream)
    countServer { $0.calls += 1 }
    return RemoteGeneration(id, call, request, leash, stream, model.tokenizer)
  }

  /// What the server is asked for a request: hints of where to stop, and the numbers that have to come with each token.
  private func call(
    for request: GenerationRequest, after tokens: [Token], seed: UInt64
  ) throws(EngineError) -> CompletionCall {
    let room = model.contextSize - tokens.count
    guard room > 0 else { throw .contextFull(needed: tokens.count + 1, capacity: model.contextSize) }
    var call = CompletionCall(
      model: serving, prompt: tokens, sampling: request.sampling, seed: seed,
      limit: min(request.limit, room))
    for processor in request.processors { try add(processor, to: &call) }
    let needsEntropy = request.stops.contains { if case .entropy = $0 { true } else { false } }
    call.alternatives = max(request.alternatives, needsEntropy ? model.options.reportedTokens : 0)
    // vLLM reports either the likeliest tokens or given ones.
    if call.alternatives == 0 { call.watched = request.watched }
    call.ignoresEnd = request.ignoresEndOfGeneration
    if !model.options.looksAhead {
      call.stopTexts = request.stops.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
    call.stopTokens = request.stops.compactMap { if case .token(let token) = $0 { token } else { nil } }
    if !model.dialect.stopsAtTokens && !model.options.looksAhead {
      call.stopTexts += call.stopTokens.map(model.tokenizer.decodeAlone).filter { !$0.isEmpty }
    }
    return call
  }

  /// Throws `unsupported` for what no field of a request says.
  private func add(_ processor: any LogitProcessor, to call: inout CompletionCall) throws(EngineError) {
    if let bias = processor.bias {
      guard model.capabilities.contains(.bias) else { throw .unsupported(capability: "bias", engine: model.name) }
      call.bias.merge(bias) { $0 + $1 }
    } else if let scaling = processor.scaling, call.scaling == nil {
      guard model.capabilities.contains(.scaling) else { throw .unsupported(capability: "scaling", engine: model.name) }
      call.scaling = scaling
    } else {
      throw .unsupported(capability: "a logit processor that depends on the row of logits", engine: model.name)
    }
  }

  /// The next token, with the reason if it is the last one.
  private func sample(_ id: GenerationID) async throws -> SampledToken? {
    guard let reported = try await take(id), var generation, generation.id === id else { return nil }
    if generation.hasSampled {
      cache.evaluateRow(keepsRow: false)
      count {
        $0.decoded += 1
        $0.steps += 1
      }
    }
    cache.append(reported.token)
    count { $0.sampled += 1 }
    countServer { $0.sampled += 1 }
    generation.returned += 1
    var sampled = reported.sampled(
      for: generation.request, reporting: generation.call.alternatives, of: model.tokenizer.vocabulary.size)
    sampled.stop = try generation.rule.reason(after: sampled)
    if sampled.stop == nil, generation.queue.isEmpty, generation.end == .endOfGeneration || generation.end == .stop,
      !generation.request.ignoresEndOfGeneration
    {
      // The server knows an end that the vocabulary here does not.
      sampled.stop = .endOfGeneration
    }
    self.generation = generation
    if sampled.stop != nil { finish(generation, at: sampled.stop) }
    return sampled
  }

  /// The next token that has arrived, or arrives.
  private func take(_ id: GenerationID) async throws -> ReportedToken? {
    while var generation, generation.id === id {
      if !generation.queue.isEmpty {
        let token = generation.queue.removeFirst()
        self.generation = generation
        return token
      }
      if generation.end != nil {
        try await restart(generation)
        continue
      }
      guard let data = try await generation.stream.next() else {
        throw EngineError.badResponse(
          server: model.transport.server, reason: "its stream ended after \(generation.received) tokens, without an end"
        )
      }
      guard self.generation?.id === id else { return nil }
      try await read(data, into: &generation)
      guard self.generation?.id === id else { return nil }
      self.generation = generation
    }
    return nil
  }

  /// Takes in an event, and finds out which tokens are missing.
  func read(_ data: [UInt8], into generation: inout RemoteGeneration) async throws {
    do {
      guard let event = try model.dialect.event(data, received: generation.received) else { return }
      try check(event, of: generation)
      if let missing = event.missing {
        let found = try await repair(missing, before: event.tokens, in: generation)
        generation.queue += found
        generation.received += found.count
      }
      if generation.firstToken == nil, !event.tokens.isEmpty { generation.firstToken = .now }
      generation.queue += event.tokens
      generation.received += event.tokens.count
      generation.end = event.end ?? generation.end
      generation.usage = event.usage ?? generation.usage
    } catch let fault as RemoteFault {
      throw EngineError.badResponse(server: model.transport.server, reason: fault.reason)
    }
  }

  /// Throws `RemoteFault` for tokens that are not those of the vocabulary here, and for a prompt that was changed.
  private func check(_ event: CompletionEvent, of generation: RemoteGeneration) throws(RemoteFault) {
    let size = model.tokenizer.vocabulary.size
    if let stranger = event.tokens.first(where: { !(0..<size).contains(Int($0.token.rawValue)) }) {
      throw RemoteFault(
        "it wrote token \(stranger.token), and the vocabulary has \(size). It runs a model with another vocabulary")
    }
    if let prompt = event.prompt, prompt != generation.call.prompt {
      throw RemoteFault(
        "it read other tokens than it was sent, from number "
          + "\(prompt.commonPrefixCount(with: generation.call.prompt)) on")
    }
  }

  /// A new call where the server has ended and the request has not: at the window's end, after an end of turn that is to
  /// be a token like any other, or where a stream was open that was asked for fewer tokens.
  private func restart(_ generation: RemoteGeneration) async throws {
    settle(generation)
    guard model.contextSize > cache.tokens.count else {
      throw EngineError.contextFull(needed: cache.tokens.count + 1, capacity: model.contextSize)
    }
    guard generation.received > 0 else {
      throw EngineError.badResponse(server: model.transport.server, reason: "it ended without a token")
    }
    var request = generation.request
    // What is left, or what completes a character that the limit has cut.
    request.limit = max(generation.rule.left, request.completionLimit, 1)
    let seed = SplitMix64.derive(generation.request.seed, UInt64(cache.tokens.count))
    let call = try call(for: request, after: cache.tokens, seed: seed)
    var next = try await open(call, generation.request, generation.id, generation.leash)
    guard self.generation?.id === generation.id else { return next.close() }
    next.rule = generation.rule
    next.returned = generation.returned
    self.generation = next
  }
}

extension Tokenizer {
  /// The text of a token, if it is whole characters; control tokens have none.
  fileprivate func decodeAlone(_ token: Token) -> String {
    String(validating: bytes(of: token), as: UTF8.self) ?? ""
  }
}

extension ReportedToken {
  /// The token as the session returns it. `count` of the likeliest tokens were asked for; what else is reported says
  /// nothing about the tokens between.
  fileprivate func sampled(for request: GenerationRequest, reporting count: Int, of vocabularySize: Int) -> SampledToken
  {
    let top = alternatives.prefix(count).map(\.logProbability)
    let odds = request.watched.flatMap { watched in
      alternatives.first { $0.token == watched }.map {
        SampledToken.Odds(logit: nil, logProbability: $0.logProbability, rank: nil)
      }
    }
    return SampledToken(
      token: token, logProbability: logProbability.map { .exact($0) } ?? .unknown,
      entropy: count > 1 ? .entropy(ofTop: top, vocabularySize: vocabularySize) : .unknown,
      alternatives: Array(alternatives.prefix(request.alternatives)), watched: odds)
  }
}
