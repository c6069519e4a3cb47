/// Plans one pass after another until one of them has a row in it.
struct PassPlanner {
  private let limits: Scheduler
  private let input: SchedulerInput
  /// The first of `input.ready` that is looked at.
  private let start: Int
  /// Prompts and scores, in the order in which they get cells and rows.
  private let line: [Int]
  /// Which of `input.ready` had no cells in any of the passes that were planned.
  private(set) var blocked: [Int] = []

  init(_ limits: Scheduler, _ input: SchedulerInput) {
    self.limits = limits
    self.input = input
    start = input.ready.firstIndex { $0.slot >= input.cursor } ?? 0
    var line = input.ready.indices.filter { input.ready[$0].kind != .generation }
    if line.count > 1 { line.sort { input.ready[$0].comesBefore(input.ready[$1]) } }
    self.line = line
  }

  /// The indices of `input.ready`, from `start` around to it again.
  var order: LazyMapSequence<Range<Int>, Int> {
    let (start, count) = (start, input.ready.count)
    return (0..<count).lazy.map { start + $0 < count ? start + $0 : start + $0 - count }
  }

  /// The pass that `leader` takes part in, with all who can join it; nil if there are no cells for any of its rows.
  mutating func pass(ledBy leader: Int) -> Schedule? {
    var rows = PassRows(freeCells: input.freeCells)
    addGenerations(ledBy: leader, to: &rows)
    let generations = rows.scheduled.count
    if !line.isEmpty { addPrompts(ledBy: leader, to: &rows) }
    guard let first = rows.scheduled.first else { return nil }
    let lead = input.ready[leader]
    return Schedule(
      rows: rows.scheduled, adapter: lead.adapter,
      isEmbedding: lead.kind == .embedding && first.count == lead.remaining,
      hasPrompts: rows.scheduled.count > generations, cursor: lead.slot + 1)
  }

  private func canJoin(_ index: Int, ledBy leader: Int) -> Bool {
    guard index != leader else { return true }
    let (slot, lead) = (input.ready[index], input.ready[leader])
    return slot.adapter == lead.adapter && !needsPassOfItsOwn(slot) && !needsPassOfItsOwn(lead)
  }

  /// A hidden state always does: llama.cpp gives either all rows of a pass one, or none.
  private func needsPassOfItsOwn(_ slot: ReadySlot) -> Bool { limits.isDeterministic || slot.kind == .embedding }

  private mutating func addGenerations(ledBy leader: Int, to rows: inout PassRows) {
    // Everybody may need a row of logits for what is certain; draft tokens share the rest.
    var spare = limits.outputRows
    for index in input.ready.indices where canJoin(index, ledBy: leader) { spare -= 1 }
    // In a pass of its own, what is proposed is evaluated as it would be generated: token by token.
    if needsPassOfItsOwn(input.ready[leader]) { spare = 0 }
    for index in order where input.ready[index].kind == .generation && canJoin(index, ledBy: leader) {
      var slot = input.ready[index]
      // Draft tokens are not worth waiting for cells.
      let dropped = min(max(0, slot.missingCells - rows.freeCells), slot.drafts)
      slot.remaining -= dropped
      slot.missingCells -= dropped
      guard slot.missingCells <= rows.freeCells else {
        note(blocked: index)
        continue
      }
      let count = min(slot.remaining, 1 + max(0, spare), limits.batchSize - rows.count, slot.adapterRun)
      guard count > 0 else { continue }
      rows.add(slot, count: count, outputs: count, droppedDrafts: dropped)
      spare -= count - 1
    }
    rows.sortBySlot()
  }

  private mutating func addPrompts(ledBy leader: Int, to rows: inout PassRows) {
    var budget = rows.scheduled.isEmpty ? limits.batchSize : min(limits.prefillChunk, limits.batchSize - rows.count)
    var isClosed = false
    for index in line {
      let slot = input.ready[index]
      let missing = max(0, slot.missingCells)
      if missing > 0 {
        // Nobody overtakes one that waits for cells, in this pass or in one with another adapter.
        guard !isClosed, missing <= rows.freeCells else {
          if !isClosed { note(blocked: index) }
          isClosed = true
          continue
        }
        rows.freeCells -= missing
      }
      guard canJoin(index, ledBy: leader) else { continue }
      var count = min(slot.remaining, slot.adapterRun, budget)
      if slot.kind == .score { count = min(count, limits.outputRows - rows.outputs) }
      if slot.kind == .embedding, slot.remaining > 1 { count = min(count, slot.remaining - 1) }  // the last one alone
      guard count > 0 else { continue }
      let outputs = slot.kind == .score ? count : count == slot.remaining ? 1 : 0
      rows.freeCells += missing  // was set aside above
      rows.add(slot, count: count, outputs: outputs)
      budget -= count
    }
  }

  private mutating func note(blocked index: Int) {
    if !blocked.contains(index) { blocked.append(index) }
  }
}

/// The rows of a pass that is being planned.
private struct PassRows {
  private(set) var scheduled: [ScheduledRows] = []
  private(set) var count = 0
  /// How many of them want logits.
  private(set) var outputs = 0
  var freeCells: Int

  init(freeCells: Int) { self.freeCells = freeCells }

  mutating func add(_ slot: ReadySlot, count added: Int, outputs wanted: Int, droppedDrafts: Int = 0) {
    let newCells = max(0, slot.missingCells)
    scheduled.append(
      ScheduledRows(
        slot: slot.slot, firstRow: count, start: slot.start, count: added, newCells: newCells,
        droppedDrafts: droppedDrafts))
    count += added
    outputs += wanted
    freeCells -= newCells
  }

  /// Puts the rows in the order of the slots: llama.cpp builds its graph again for another order of sequences.
  mutating func sortBySlot() {
    let isSorted = scheduled.indices.dropFirst().allSatisfy { scheduled[$0 - 1].slot < scheduled[$0].slot }
    guard !isSorted else { return }
    scheduled.sort { $0.slot < $1.slot }
    var row = 0
    for index in scheduled.indices {
      scheduled[index].firstRow = row
      row += scheduled[index].count
    }
  }
}

extension ReadySlot {
  /// Prompts in the order they came; scores last, since they take all the rows of logits that are left.
  fileprivate func comesBefore(_ other: Self) -> Bool {
    (kind == .score ? 1 : 0, arrival) < (other.kind == .score ? 1 : 0, other.arrival)
  }
}
