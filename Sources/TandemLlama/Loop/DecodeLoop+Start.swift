import TandemInference

/// What each request means: which tokens must be evaluated for it, from which state.
extension DecodeLoop {
  func start(_ job: Job, in slot: Int) throws(EngineError) {
    switch job.request {
    case .tokens(let reply): reply.resume(returning: slots[slot].tokens)
    case .counters(let reply): reply.resume(returning: slots[slot].counters)
    case .extend(let target, let reply): try startExtending(slot, to: target, job, reply)
    case .generate(let request, let stream): try startGenerating(slot, request, job, stream)
    case .logits(let reply): try startReadingLogits(slot, job, reply)
    case .score(let continuation, let keeps, let reply): try startScoring(slot, continuation, keeps: keeps, job, reply)
    case .embedding: try startEmbedding(slot, job)
    case .fork(let reply): try fork(slot, reply)
    case .save(let reply):
      // Saved with its last token still to be evaluated, a generation can be restored in the middle.
      reply.resume(returning: (slots[slot].tokens, context.state(of: slots[slot].sequence)))
    case .restore(let tokens, let bytes, let reply): try restore(slot, tokens, bytes, reply)
    case .close, .drafts, .draftsFailed, .readAhead: break  // handled on arrival: they do not wait for what runs
    }
  }

  private func startExtending(_ slot: Int, to target: [Token], _ job: Job, _ reply: Job.Reply<Int>) throws(EngineError)
  {
    // A token of its own that waits to be evaluated can wait until something needs its logits.
    guard try move(slot, to: target) < target.count else { return reply.resume(returning: 0) }
    let pending = Array(target[slots[slot].evaluated...])
    let given = pending.count - (slots[slot].hasOwnToken ? 1 : 0)
    slots[slot].work = Work(job: job, arrival: nextArrival(), kind: .extend(given: given), pending: pending)
  }

  /// Evaluates what `target` has beyond the tokens of `slot`, as long as nothing else is asked of it.
  func readAhead(_ slot: Int, to target: [Token], _ job: Job) {
    let held = slots[slot].tokens
    guard slots[slot].queue.isEmpty, slots[slot].work?.isAhead ?? true, !held.isEmpty, target.starts(with: held),
      target.count > held.count, target.count <= min(parameters.contextSize, size.mostInAll)
    else { return }
    do throws(EngineError) { try check(target[held.count...]) } catch { return }
    slots[slot].tokens = target
    if slots[slot].work != nil {
      slots[slot].work?.pending += target[held.count...]
    } else {
      let pending = Array(target[slots[slot].evaluated...])
      slots[slot].work = Work(job: job, arrival: nextArrival(), kind: .readAhead, pending: pending)
    }
  }

  /// Makes `slot` hold `target`, of which the cache then holds a part; returns how much of it was there.
  private func move(_ slot: Int, to target: [Token]) throws(EngineError) -> Int {
    let common = slots[slot].tokens.commonPrefixCount(with: target)
    try check(target[common...])
    guard target.count <= min(parameters.contextSize, size.mostInAll) else {
      throw .contextFull(needed: target.count, capacity: parameters.contextSize)
    }
    rewind(slot, to: common)
    slots[slot].tokens += target[common...]
    return common
  }

  private func startGenerating(
    _ slot: Int, _ request: GenerationRequest, _ job: Job, _ stream: Generation.Continuation
  ) throws(EngineError) {
    try request.validate()
    guard request.proposer == nil || !weights.isRecurrent else {
      throw .unsupported(capability: "proposals", engine: "llama.cpp with a recurrent model, which can't go back")
    }
    let grammar = try request.grammar.map { (grammar) throws(EngineError) in
      try LlamaGrammar(grammar, weights, tokenizer, after: request.grammarPrefix)
    }
    if let prefix = request.prefix { _ = try move(slot, to: prefix) }
    var work = Work(job: job, arrival: nextArrival(), kind: .generate)
    try requireRow(of: slot, for: &work)
    work.generation = GenerationInProgress(request, tokenizer: tokenizer, constraint: grammar, stream: stream)
    slots[slot].work = work
    guard slots[slot].hasRow else { return }
    let row = slots[slot].row
    do throws(EngineError) { try sample(slot, row.span) } catch { finish(slot, throwing: error) }
  }

  private func startReadingLogits(_ slot: Int, _ job: Job, _ reply: Job.Reply<[Float]>) throws(EngineError) {
    if slots[slot].hasRow { return reply.resume(returning: slots[slot].row) }
    var work = Work(job: job, arrival: nextArrival(), kind: .logits)
    try requireRow(of: slot, for: &work)
    slots[slot].work = work
  }

  private func startScoring(
    _ slot: Int, _ continuation: [Token], keeps: Bool, _ job: Job, _ reply: Job.Reply<[Float]>
  ) throws(EngineError) {
    try check(continuation)
    guard let first = continuation.first else { return reply.resume(returning: []) }
    let base = slots[slot].tokens.count
    guard base + continuation.count <= parameters.contextSize else {
      throw .contextFull(needed: base + continuation.count, capacity: parameters.contextSize)
    }
    var work = Work(job: job, arrival: nextArrival(), kind: .score(continuation, base: base, keeps: keeps))
    try requireRow(of: slot, for: &work)
    if slots[slot].hasRow { work.scores = [slots[slot].row.logProbability(of: first)] }
    // The last token's own row tells nothing of it: it is about the token after it.
    let read = keeps ? continuation[...] : continuation.dropLast()
    work.pending += read
    slots[slot].tokens += read
    slots[slot].work = work
    if work.remaining == 0 {
      reply.resume(returning: work.scores)
      slots[slot].work = nil
    }
  }

  private func startEmbedding(_ slot: Int, _ job: Job) throws(EngineError) {
    var work = Work(job: job, arrival: nextArrival(), kind: .embedding)
    slots[slot].rowCount = -1  // a hidden state is only there while its token is evaluated: do it (again)
    try requireRow(of: slot, for: &work)
    slots[slot].work = work
  }

  /// Adds what the logits after the last token need: nothing, a sampled token, or the last one again.
  private func requireRow(of slot: Int, for work: inout Work) throws(EngineError) {
    guard let last = slots[slot].tokens.indices.last else {
      throw .invalidParameter(name: "tokens", reason: "must not be empty: extend the session to a prompt first")
    }
    guard !slots[slot].hasRow else { return }
    forget(slot, from: last)
    work.pending = Array(slots[slot].tokens[slots[slot].evaluated...])
  }

  private func fork(_ slot: Int, _ reply: Job.Reply<SlotTicket>) throws(EngineError) {
    // Forks don't wait: the session that would have to be closed may be waiting for this very fork.
    guard let free = slots.firstIndex(where: { !$0.isOpen }) else { throw .busy(sequences: slots.count, waiting: 0) }
    let parent = slots[slot]
    guard context.copy(parent.sequence, to: Int32(free)) else {
      _ = context.remove(Int32(free), from: 0)
      throw .contextFull(needed: parent.evaluated, capacity: parameters.contextSize)
    }
    ledger.share(parent.cells)
    let ticket = open(free, adapter: parent.adapter)
    var child = slots[free]
    child.tokens = parent.tokens
    child.evaluated = parent.evaluated
    child.hasOwnToken = parent.hasOwnToken
    child.cells = parent.cells
    child.row = parent.row
    child.rowCount = parent.rowCount
    slots[free] = child
    reply.resume(returning: ticket)
  }

  private func restore(_ slot: Int, _ tokens: [Token], _ bytes: [UInt8], _ reply: Job.Reply<Void>) throws(EngineError) {
    try check(tokens)
    rewind(slot, to: 0)
    makeRoom(for: tokens.count)
    guard tokens.count <= min(parameters.contextSize, ledger.free) else {
      throw .contextFull(needed: tokens.count, capacity: parameters.contextSize)
    }
    ledger.reserve(tokens.count, into: &slots[slot].cells)
    defer { releaseUnusedCells(slot) }
    // The last token may have been sampled and not evaluated; any other count means that tokens and cache don't match.
    let isWhole = context.restore(bytes, into: slots[slot].sequence)
    let evaluated = context.count(of: slots[slot].sequence)
    guard isWhole, let evaluated, tokens.count - evaluated == 0 || tokens.count - evaluated == 1 else {
      _ = context.remove(slots[slot].sequence, from: 0)
      throw .invalidState(reason: LlamaBackend.takeError() ?? "it was made by another model, or is damaged")
    }
    slots[slot].tokens = tokens
    slots[slot].evaluated = evaluated
    slots[slot].hasOwnToken = evaluated < tokens.count
    reply.resume()
  }

  private func check(_ tokens: some Sequence<Token>) throws(EngineError) {
    let size = tokenizer.vocabulary.size
    guard let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) else { return }
    throw .invalidParameter(name: "tokens", reason: "contain \(stranger), and the vocabulary has \(size) entries")
  }
}

extension [Float] {
  /// ln p of `token` in the distribution of this row of logits.
  func logProbability(of token: Token) -> Float { self[Int(token.rawValue)] - Softmax(span).logSumExp }
}
