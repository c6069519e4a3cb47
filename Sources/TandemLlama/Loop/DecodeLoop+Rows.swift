import TandemInference

/// One forward pass: what becomes of its rows.
extension DecodeLoop {
  func evaluate(_ shares: [Share]) throws(EngineError) {
    inbox.begin(shares.compactMap { slots[$0.slot].work?.job.cancellation })
    let embeds = shares.contains { share in
      guard let work = slots[share.slot].work, case .embedding = work.kind else { return false }
      return work.remaining == share.count
    }
    if embeds { context.setEmbeddings(true) }
    defer { if embeds { context.setEmbeddings(false) } }
    switch context.decode(batch, threads: parameters.threads) {
    case .done: break
    case .aborted: return undo(shares)  // nobody wants it any more: the next turn of the loop ends these jobs
    case .noRoom: throw .contextFull(needed: batch.count, capacity: parameters.totalCells)
    case .failed(let code): throw .decodeFailed(code: Int(code))
    }
    book(shares)
    for share in shares {
      do throws(EngineError) { try advance(share) } catch { finish(share.slot, throwing: error) }
    }
  }

  /// Takes back what a pass that did not end well may have left in the cache.
  func undo(_ shares: [Share]) {
    for share in shares {
      guard !context.remove(slots[share.slot].sequence, from: slots[share.slot].evaluated) else { continue }
      forget(share.slot, from: 0)
    }
  }

  /// Counts what a pass has done, before anyone hears of it.
  private func book(_ shares: [Share]) {
    var pass = EngineCounters()
    pass.steps = 1
    for share in shares {
      let own = slots[share.slot].hasOwnToken ? 1 : 0
      let guessed = slots[share.slot].work?.guesses(in: share) ?? 0  // what these were is not known yet
      slots[share.slot].hasOwnToken = false
      slots[share.slot].evaluated += share.count
      slots[share.slot].work?.done += share.count
      slots[share.slot].counters.decoded += own
      slots[share.slot].counters.prefilled += share.count - own - guessed
      slots[share.slot].counters.steps += 1
      pass.decoded += own
      pass.prefilled += share.count - own - guessed
    }
    inbox.count { total in
      total.decoded += pass.decoded
      total.prefilled += pass.prefilled
      total.steps += 1
    }
  }

  /// Does what the evaluated rows were for.
  private func advance(_ share: Share) throws(EngineError) {
    let slot = share.slot
    guard let work = slots[slot].work else { return }
    let lastRow = share.firstRow + share.count - 1
    let isComplete = work.remaining == 0
    switch (work.kind, work.job.request) {
    case (.extend(let given), .extend(_, let reply)):
      guard isComplete else { return }
      try keepRow(slot, row: lastRow)
      reply.resume(returning: given)
      finish(slot)
    case (.generate, _):
      guard isComplete || work.isUnderway else { return }
      // Only a row that a rewind may come back to is kept: the one that the generation starts from.
      if !work.isUnderway { try keepRow(slot, row: lastRow) }
      try write(share)
    case (.logits, .logits(let reply)):
      guard isComplete else { return }
      try keepRow(slot, row: lastRow)
      reply.resume(returning: slots[slot].row)
      finish(slot)
    case (.score(let continuation, let base), .score(_, let reply)):
      for offset in 0..<share.count {
        guard let next = work.scored(by: share.start + offset) else { continue }
        let score = try context.withLogits(row: share.firstRow + offset) { (logits) throws(EngineError) in
          logits[Int(continuation[next].rawValue)] - Softmax(logits).logSumExp
        }
        slots[slot].work?.scores.append(score)
      }
      guard isComplete else { return }
      reply.resume(returning: slots[slot].work?.scores ?? [])
      rewind(slot, to: base)
      finish(slot)
    case (.embedding, .embedding(let reply)):
      guard isComplete else { return }
      let embedding = try context.embedding(row: lastRow)
      try keepRow(slot, row: lastRow)
      reply.resume(returning: embedding)
      finish(slot)
    default: preconditionFailure("a work's kind is made from its request")
    }
  }

  private func keepRow(_ slot: Int, row: Int) throws(EngineError) {
    try context.copyLogits(row: row, to: &slots[slot].row)
    slots[slot].rowCount = slots[slot].evaluated
  }

  /// Samples the next token of a generation from `logits`, and hands it out.
  func write(_ slot: Int, _ logits: Span<Float>) throws(EngineError) {
    guard let writer = slots[slot].work?.writer else { return }
    let sampled = try writer.draw(logits, after: slots[slot].tokens)
    slots[slot].tokens.append(sampled.token)
    slots[slot].hasOwnToken = true
    count(slot) { $0.sampled += 1 }
    let wasGuessed = compare(slot, with: sampled)
    writer.hand(sampled)
    if sampled.stop != nil { return finish(slot) }
    guard !wasGuessed else { return }
    slots[slot].work?.owed = [sampled.token]
    slots[slot].work?.done = 0
    slots[slot].work?.guessed = 0
    slots[slot].work?.isUnderway = true
    guard slots[slot].tokens.count < parameters.contextSize else {
      throw .contextFull(needed: slots[slot].tokens.count + 1, capacity: parameters.contextSize)
    }
    askForGuesses(slot)
  }

  /// Counts what one session has done.
  func count(_ slot: Int, _ change: (inout EngineCounters) -> Void) {
    change(&slots[slot].counters)
    inbox.count(change)
  }
}
