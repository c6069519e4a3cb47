import TandemInference

/// One forward pass: what the scheduler has decided is carried out here.
extension DecodeLoop {
  /// Runs one pass.
  func step() -> Turn {
    takeSnapshot()
    guard !snapshot.ready.isEmpty else { return .idle }
    if makeRoom() { takeSnapshot() }
    let schedule = scheduler.schedule(snapshot)
    for slot in schedule.refused { refuse(slot) }
    for slot in schedule.blocked { block(slot) }
    guard !schedule.rows.isEmpty else { return schedule.refused.isEmpty ? .blocked : .worked }
    cursor = schedule.cursor
    do throws(EngineError) {
      fillBatch(schedule)
      try putOn(schedule.adapter, of: schedule.rows[0].slot)
      try evaluate(schedule)
    } catch {
      undo(schedule.rows)
      for rows in schedule.rows { finish(rows.slot, throwing: error) }
    }
    return .worked
  }

  /// Notes all that the decision about the next pass depends on.
  private func takeSnapshot() {
    snapshot.ready.removeAll(keepingCapacity: true)
    for slot in slots.indices where slots[slot].isReady {
      if let ready = slots[slot].ready { snapshot.ready.append(ready) }
    }
    snapshot.freeCells = ledger.free
    snapshot.appliedAdapter = applied
    snapshot.cursor = cursor
    snapshot.now = .now
  }

  // MARK: - Slots without cells

  /// Lets `slot` wait for cells.
  private func block(_ slot: Int) {
    if slots[slot].work?.isAhead == true { return finish(slot) }  // that is worth no waiting
    slots[slot].work?.dropDrafts()
    guard slots[slot].work?.blockedSince == nil else { return }
    slots[slot].work?.blockedSince = snapshot.now
    slots[slot].work?.generation?.flush()
  }

  /// Ends work that has waited for cells for as long as it may.
  private func refuse(_ slot: Int) {
    slots[slot].work?.dropDrafts()
    let needed = slots[slot].evaluated + (slots[slot].work?.remaining ?? 0)
    finish(slot, throwing: EngineError.contextFull(needed: needed, capacity: size.mostInAll))
  }

  // MARK: - The pass

  private func fillBatch(_ schedule: Schedule) {
    batch.clear()
    for rows in schedule.rows {
      if rows.droppedDrafts > 0 { slots[rows.slot].work?.dropDrafts(rows.droppedDrafts) }
      if rows.newCells > 0 {
        ledger.reserve(rows.newCells, into: &slots[rows.slot].cells)
        slots[rows.slot].work?.blockedSince = nil
      }
      guard let work = slots[rows.slot].work else { continue }
      if schedule.hasPrompts, work.hasSampled { work.generation?.flush() }
      let (sequence, shift) = (slots[rows.slot].sequence, slots[rows.slot].evaluated - rows.start)
      for index in rows.start..<rows.start + rows.count {
        batch.add(
          work.pending[index], position: index + shift, sequence: sequence, wantsLogits: work.wantsLogits(index))
      }
    }
  }

  /// Puts on the adapter of `slot`, or what is left of it without its vector.
  private func putOn(_ id: AdapterID, of slot: Int) throws(EngineError) {
    guard id != applied else { return }
    applied = .none
    let own = slots[slot].adapter
    try context.apply(own?.id == id ? own : own?.withoutVector)
    applied = id
  }

  private func evaluate(_ schedule: Schedule) throws(EngineError) {
    inbox.begin(schedule.rows.compactMap { slots[$0.slot].work?.job.cancellation })
    if schedule.isEmbedding { context.setEmbeddings(true) }
    defer { if schedule.isEmbedding { context.setEmbeddings(false) } }
    switch context.decode(batch, threads: parameters.threads) {
    case .done: break
    case .aborted: return undo(schedule.rows)  // cancelled: the next turn of the loop ends these jobs
    case .noRoom: throw .contextFull(needed: batch.count, capacity: size.mostInAll)
    case .failed(let code): throw .decodeFailed(code: Int(code))
    }
    countPass(schedule.rows)
    for rows in schedule.rows {
      do throws(EngineError) { try useResults(of: rows) } catch { finish(rows.slot, throwing: error) }
    }
  }

  /// Takes back what a pass that did not end well may have left in the cache.
  private func undo(_ pass: [ScheduledRows]) {
    for rows in pass {
      guard !context.remove(slots[rows.slot].sequence, from: slots[rows.slot].evaluated) else { continue }
      forget(rows.slot, from: 0)
    }
  }

  /// Counts what a pass has evaluated, before any listener gets a result of it.
  private func countPass(_ pass: [ScheduledRows]) {
    var sum = EngineCounters()
    sum.steps = 1
    for rows in pass {
      let own = slots[rows.slot].hasOwnToken ? 1 : 0
      let drafts = slots[rows.slot].work?.drafts(in: rows) ?? 0  // these are counted when they are accepted
      slots[rows.slot].hasOwnToken = false
      slots[rows.slot].evaluated += rows.count
      slots[rows.slot].work?.evaluated += rows.count
      slots[rows.slot].counters.decoded += own
      slots[rows.slot].counters.prefilled += rows.count - own - drafts
      slots[rows.slot].counters.steps += 1
      if slots[rows.slot].work?.isAhead == true {
        slots[rows.slot].counters.ahead += rows.count - own
        sum.ahead += rows.count - own
      }
      sum.decoded += own
      sum.prefilled += rows.count - own - drafts
    }
    inbox.count { total in
      total.decoded += sum.decoded
      total.prefilled += sum.prefilled
      total.ahead += sum.ahead
      total.steps += 1
    }
  }
}
