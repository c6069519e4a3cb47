import TandemInference

/// What the rows of a pass were for.
extension DecodeLoop {
  func useResults(of rows: ScheduledRows) throws(EngineError) {
    let slot = rows.slot
    guard let work = slots[slot].work else { return }
    let lastRow = rows.firstRow + rows.count - 1
    let isComplete = work.remaining == 0
    switch (work.kind, work.job.request) {
    case (.extend(let given), .extend(_, let reply)):
      guard isComplete else { return }
      try keepRow(slot, row: lastRow)
      reply.resume(returning: given)
      finish(slot)
    case (.readAhead, _):
      guard isComplete else { return }
      try keepRow(slot, row: lastRow)
      finish(slot)
    case (.generate, _):
      guard isComplete || work.hasSampled else { return }
      // Only a row that a rewind may come back to is kept: the one that the generation starts from.
      if !work.hasSampled { try keepRow(slot, row: lastRow) }
      try sample(rows)
    case (.logits, .logits(let reply)):
      guard isComplete else { return }
      try keepRow(slot, row: lastRow)
      reply.resume(returning: slots[slot].row)
      finish(slot)
    case (.score(let continuation, let base, let keeps), .score(_, _, let reply)):
      for offset in 0..<rows.count {
        guard let next = work.scored(by: rows.start + offset) else { continue }
        let score = try context.withLogits(row: rows.firstRow + offset) { (logits) throws(EngineError) in
          logits[Int(continuation[next].rawValue)] - Softmax(logits).logSumExp
        }
        slots[slot].work?.scores.append(score)
      }
      guard isComplete else { return }
      // The row after `base` stays, for a rewind to there.
      if !keeps { rewind(slot, to: base) }
      reply.resume(returning: slots[slot].work?.scores ?? [])
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

  /// Samples a token after each of `rows` that follows what is certain, for as long as the draft tokens were right.
  private func sample(_ rows: ScheduledRows) throws(EngineError) {
    while let work = slots[rows.slot].work, work.pending.count - 1 - work.drafts < work.evaluated {
      let row = rows.firstRow + work.pending.count - 1 - work.drafts - rows.start
      do throws(EngineError) {
        try context.withLogits(row: row) { (logits) throws(EngineError) in try sample(rows.slot, logits) }
      } catch {
        dropRows(rows.slot, from: slots[rows.slot].tokens.count)
        throw error
      }
    }
  }

  /// Samples the next token of a generation from `logits`, and delivers it.
  func sample(_ slot: Int, _ logits: Span<Float>) throws(EngineError) {
    guard let generation = slots[slot].work?.generation else { return }
    let sampled = try generation.sample(logits, after: slots[slot].tokens)
    slots[slot].tokens.append(sampled.token)
    slots[slot].hasOwnToken = true
    count(slot) { $0.sampled += 1 }
    let isEvaluated = acceptDraft(slot, sampled)
    generation.deliver(sampled)
    if sampled.stop != nil { return finish(slot) }
    guard !isEvaluated else { return }
    slots[slot].work?.pending = [sampled.token]
    slots[slot].work?.evaluated = 0
    slots[slot].work?.drafts = 0
    slots[slot].work?.hasSampled = true
    guard slots[slot].tokens.count < parameters.contextSize else {
      throw .contextFull(needed: slots[slot].tokens.count + 1, capacity: parameters.contextSize)
    }
    requestDrafts(slot)
  }

  /// Counts what one session has done.
  func count(_ slot: Int, _ change: (inout EngineCounters) -> Void) {
    change(&slots[slot].counters)
    inbox.count(change)
  }
}
