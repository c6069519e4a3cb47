import TandemInference

/// One forward pass: who takes part, and what becomes of each row.
extension DecodeLoop {
  /// The rows of one slot in the batch.
  private struct Share {
    let slot: Int
    let firstRow: Int
    let count: Int
    /// Its place in what the slot's work owes.
    let start: Int
  }

  /// Runs one pass.
  func step() -> Turn {
    let ready = slots.indices.filter { slots[$0].work != nil }
    guard !ready.isEmpty else { return .idle }
    let after = ready.firstIndex { $0 >= cursor } ?? 0
    let order = ready[after...] + ready[..<after]
    // An adapter is on for a whole pass. Those with another one than last time come first, so that each gets its turn.
    if let other = order.first(where: { slots[$0].adapter !== applied }), step(ready, first: other) { return .worked }
    for first in order where step(ready, first: first) { return .worked }
    return .blocked
  }

  /// Runs the pass that `first` takes part in; false where there is no cell for any of its rows.
  private func step(_ ready: [Int], first: Int) -> Bool {
    let adapter = slots[first].adapter
    let shares = fill(ready.filter { slots[$0].adapter === adapter }, first: first)
    guard !shares.isEmpty else { return false }
    cursor = first + 1
    do throws(EngineError) {
      if adapter !== applied {
        applied = nil
        try context.apply(adapter)
        applied = adapter
      }
      try evaluate(shares)
    } catch {
      undo(shares)
      for share in shares { finish(share.slot, throwing: error) }
    }
    return true
  }

  // MARK: - Filling the batch

  private func fill(_ ready: [Int], first: Int) -> [Share] {
    batch.clear()
    if needsPassOfItsOwn(first) { return [take(first, atMost: parameters.batchSize)].compactMap(\.self) }
    var shares: [Share] = []
    var readers: [Int] = []
    for slot in ready where !needsPassOfItsOwn(slot) {
      if slots[slot].work?.isWriting == true { take(slot, atMost: 1).map { shares.append($0) } } else { readers.append(slot) }
    }
    guard !readers.isEmpty else { return shares }
    // The pass will take longer than the listeners of those who write should wait.
    for share in shares { slots[share.slot].work?.writer?.send() }
    // Prompts in the order they came; scoring last, since it takes all the rows of logits that are left.
    if readers.count > 1 { readers.sort { order(of: $0) < order(of: $1) } }
    var budget = shares.isEmpty ? parameters.batchSize : parameters.prefillChunk
    for slot in readers where budget > 0 {
      guard let share = take(slot, atMost: budget) else { break }  // nobody overtakes one that waits for cells
      shares.append(share)
      budget -= share.count
    }
    return shares
  }

  private func order(of slot: Int) -> (Int, Int) {
    guard let work = slots[slot].work else { return (.max, .max) }
    return (work.wantsEveryRow ? 1 : 0, work.ticket)
  }

  /// In deterministic mode every slot does: the shape of a batch changes the last bits of its numbers. A hidden state
  /// does always: llama.cpp gives either all rows of a pass one, or none.
  private func needsPassOfItsOwn(_ slot: Int) -> Bool {
    if parameters.isDeterministic { return true }
    if case .embedding = slots[slot].work?.kind { return true }
    return false
  }

  /// Puts the next tokens of `slot` into the batch; nil where there is no room or no cell for them.
  private func take(_ slot: Int, atMost limit: Int) -> Share? {
    guard let work = slots[slot].work else { return nil }
    var count = min(work.remaining, limit, batch.room)
    if work.wantsEveryRow { count = min(count, parameters.outputRows - batch.outputs) }
    if case .embedding = work.kind, work.remaining > 1 { count = min(count, work.remaining - 1) }  // the last one alone
    guard count > 0, reserve(slot, work.remaining) else { return nil }
    let firstRow = batch.count
    for index in work.done..<work.done + count {
      batch.add(
        work.owed[index], position: slots[slot].evaluated + index - work.done, sequence: slots[slot].sequence,
        wantsLogits: work.wantsRow(index))
    }
    return Share(slot: slot, firstRow: firstRow, count: count, start: work.done)
  }

  /// Reserves the cells for all that the work of `slot` owes: two halves of prompts would wait for each other forever.
  private func reserve(_ slot: Int, _ count: Int) -> Bool {
    let missing = slots[slot].evaluated + count - slots[slot].cells.count
    guard missing > 0 else { return true }
    if ledger.take(missing, into: &slots[slot].cells) {
      slots[slot].work?.blockedSince = nil
      return true
    }
    isShortOfCells = true
    guard slots[slot].work?.blockedSince == nil else { return false }
    slots[slot].work?.blockedSince = .now
    slots[slot].work?.writer?.send()
    return false
  }

  // MARK: - After the pass

  private func evaluate(_ shares: [Share]) throws(EngineError) {
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
  private func undo(_ shares: [Share]) {
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
      slots[share.slot].hasOwnToken = false
      slots[share.slot].evaluated += share.count
      slots[share.slot].work?.done += share.count
      slots[share.slot].counters.decoded += own
      slots[share.slot].counters.prefilled += share.count - own
      slots[share.slot].counters.steps += 1
      pass.decoded += own
      pass.prefilled += share.count - own
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
      guard isComplete else { return }
      // Only a row that a rewind may come back to is kept: the one that the generation starts from.
      if !work.isUnderway { try keepRow(slot, row: lastRow) }
      try context.withLogits(row: lastRow) { (logits) throws(EngineError) in try write(slot, logits) }
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
    slots[slot].counters.sampled += 1
    inbox.count { $0.sampled += 1 }
    writer.hand(sampled)
    if sampled.stop != nil { return finish(slot) }
    slots[slot].work?.owed = [sampled.token]
    slots[slot].work?.done = 0
    slots[slot].work?.isUnderway = true
    guard slots[slot].tokens.count < parameters.contextSize else {
      throw .contextFull(needed: slots[slot].tokens.count + 1, capacity: parameters.contextSize)
    }
  }
}
