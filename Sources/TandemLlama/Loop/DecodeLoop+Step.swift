import TandemInference

/// One forward pass: whose turn it is, and who takes part.
extension DecodeLoop {
  /// The rows of one slot in the batch.
  struct Share {
    let slot: Int
    let firstRow: Int
    let count: Int
    /// Its place in what the slot's work owes.
    let start: Int
  }

  /// Runs one pass.
  func step() -> Turn {
    let ready = slots.indices.filter { slots[$0].isReady }
    guard !ready.isEmpty else { return .idle }
    let after = ready.firstIndex { $0 >= cursor } ?? 0
    let order = ready[after...] + ready[..<after]
    // An adapter is on for a whole pass. Those with another one than last time come first, so that each gets its turn.
    if let other = order.first(where: { nextAdapter(of: $0) !== applied }), step(ready, first: other) { return .worked }
    for first in order where step(ready, first: first) { return .worked }
    return .blocked
  }

  /// Runs the pass that `first` takes part in; false where there is no cell for any of its rows.
  private func step(_ ready: [Int], first: Int) -> Bool {
    let adapter = nextAdapter(of: first)
    let shares = fill(ready.filter { nextAdapter(of: $0) === adapter }, first: first)
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

  /// What must be on while the next token that `slot` owes is evaluated, or the one `ahead` places after it.
  private func nextAdapter(of slot: Int, ahead: Int = 0) -> LoadedAdapter? {
    guard let adapter = slots[slot].adapter, adapter.isForBlankLines, let work = slots[slot].work,
      ahead < work.remaining
    else { return slots[slot].adapter }
    let index = work.done + ahead
    let before = index > 0 ? work.owed[index - 1] : slots[slot].tokens.prefix(slots[slot].evaluated).last
    return tokenizer.endsAtBlankLine(work.owed[index], after: before) ? adapter : adapter.withoutVector
  }

  /// How many of the next `count` tokens of `slot` can go into one pass.
  private func runLength(_ slot: Int, atMost count: Int) -> Int {
    guard count > 1, slots[slot].adapter?.isForBlankLines == true else { return count }
    let first = nextAdapter(of: slot)
    return (1..<count).first { nextAdapter(of: slot, ahead: $0) !== first } ?? count
  }

  // MARK: - Filling the batch

  private func fill(_ ready: [Int], first: Int) -> [Share] {
    batch.clear()
    if needsPassOfItsOwn(first) {
      // What is guessed is evaluated as it would be written: token by token.
      let limit = slots[first].work?.isUnderway == true ? 1 : parameters.batchSize
      return [take(first, atMost: limit)].compactMap(\.self)
    }
    var shares: [Share] = []
    var readers: [Int] = []
    var rowsForGuesses = parameters.outputRows - ready.count  // everybody may want one for what is certain
    for slot in ready where !needsPassOfItsOwn(slot) {
      guard slots[slot].work?.isUnderway == true else {
        readers.append(slot)
        continue
      }
      guard let share = take(slot, atMost: 1 + rowsForGuesses) else { continue }
      rowsForGuesses -= share.count - 1
      shares.append(share)
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
    dropUnaffordableGuesses(slot)
    guard let work = slots[slot].work else { return nil }
    var count = min(work.remaining, limit, batch.room)
    if work.wantsEveryRow { count = min(count, parameters.outputRows - batch.outputs) }
    if case .embedding = work.kind, work.remaining > 1 { count = min(count, work.remaining - 1) }  // the last one alone
    count = runLength(slot, atMost: count)
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
}
