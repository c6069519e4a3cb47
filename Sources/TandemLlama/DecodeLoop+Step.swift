import TandemInference

/// One forward pass: who takes part, and what becomes of each row.
extension DecodeLoop {
  /// The rows of one slot in the batch.
  private struct Share {
    let slot: Int
    let firstRow: Int
    let count: Int
    let cells: [Int32]
  }

  /// Runs one pass.
  func step() -> Turn {
    let ready = slots.indices.filter { slots[$0].work.map { $0.remaining > 0 } ?? false }
    guard let first = ready.first(where: { $0 >= cursor }) ?? ready.first else { return .idle }
    cursor = first + 1
    // An adapter is on for a whole pass, so those with the same one go together.
    let adapter = slots[first].adapter
    let shares = fill(ready.filter { slots[$0].adapter == adapter }, first: first)
    guard !shares.isEmpty else {
      // Those with another adapter may fit, and free cells when they are done.
      return ready.allSatisfy { slots[$0].adapter == adapter } ? .blocked(first) : .worked
    }
    do throws(EngineError) {
      try apply(adapter)
      try evaluate(shares)
    } catch {
      undo(shares)
      for share in shares { finish(share.slot, throwing: error) }
    }
    return .worked
  }

  private func apply(_ adapter: Adapter?) throws(EngineError) {
    guard adapter != applied else { return }
    if let adapter { try context.apply(adapters.load(adapter)) } else { try context.apply(nil) }
    applied = adapter
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

  /// Puts the next tokens of `slot` into the batch; nil where there is no room or no cell for even one.
  private func take(_ slot: Int, atMost limit: Int) -> Share? {
    guard let work = slots[slot].work else { return nil }
    var count = min(work.remaining, limit, batch.room)
    if work.wantsEveryRow { count = min(count, parameters.outputRows - batch.outputs) }
    // Half a prompt is of no use: it would hold its cells, and wait for more.
    guard count > 0, work.done > 0 || work.remaining <= ledger.free, let cells = ledger.take(count) else { return nil }
    let firstRow = batch.count
    for offset in 0..<count {
      let isLast = work.done + offset == work.owed.count - 1
      batch.add(
        work.owed[work.done + offset], position: slots[slot].evaluated + offset, sequence: slots[slot].sequence,
        wantsLogits: work.wantsEveryRow || isLast)
    }
    return Share(slot: slot, firstRow: firstRow, count: count, cells: cells)
  }

  // MARK: - After the pass

  private func evaluate(_ shares: [Share]) throws(EngineError) {
    inbox.begin(shares.compactMap { slots[$0.slot].work?.job.cancellation })
    let embeds = shares.contains { if case .embedding = slots[$0.slot].work?.kind { true } else { false } }
    if embeds { context.setEmbeddings(true) }
    defer { if embeds { context.setEmbeddings(false) } }
    switch context.decode(batch, threads: parameters.threads) {
    case .done: break
    case .aborted: return undo(shares)  // the flags are up; the next turn of the loop ends these jobs
    case .noRoom: throw .contextFull(needed: batch.count, capacity: parameters.totalCells)
    case .failed(let code): throw .decodeFailed(code: Int(code))
    }
    for share in shares { book(share) }
    for share in shares {
      do throws(EngineError) { try advance(share) } catch { finish(share.slot, throwing: error) }
    }
  }

  /// Takes back what a pass that did not end well may have left in the cache.
  private func undo(_ shares: [Share]) {
    for share in shares {
      ledger.release(share.cells[...])
      _ = context.remove(slots[share.slot].sequence, from: slots[share.slot].evaluated)
    }
  }

  private func book(_ share: Share) {
    guard let work = slots[share.slot].work else { return }
    let own = max(0, min(work.own - work.done, share.count))
    slots[share.slot].cells += share.cells
    slots[share.slot].evaluated += share.count
    slots[share.slot].work?.done += share.count
    let change: (inout EngineCounters) -> Void = { counters in
      counters.decoded += own
      counters.prefilled += share.count - own
      counters.steps += 1
    }
    change(&slots[share.slot].counters)
    inbox.count { total in
      change(&total)
      if share.firstRow > 0 { total.steps -= 1 }  // several slots, one pass
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
      for row in share.firstRow...lastRow {
        let next = slots[slot].work?.scores.count ?? 0
        let score = try context.withLogits(row: row) { (logits) throws(EngineError) in
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
      reply.resume(returning: try context.embedding(row: lastRow))
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
    let sampled = try writer.write(logits, after: slots[slot].tokens)
    slots[slot].tokens.append(sampled.token)
    slots[slot].counters.sampled += 1
    inbox.count { $0.sampled += 1 }
    if sampled.stop != nil { return finish(slot) }
    slots[slot].work?.owed = [sampled.token]
    slots[slot].work?.done = 0
    slots[slot].work?.own = 1
    slots[slot].work?.isUnderway = true
    guard slots[slot].tokens.count < parameters.contextSize else {
      throw .contextFull(needed: slots[slot].tokens.count + 1, capacity: parameters.contextSize)
    }
  }
}
