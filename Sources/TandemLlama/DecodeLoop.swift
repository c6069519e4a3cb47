import TandemInference

/// The one place where an engine computes: takes jobs from its inbox, and batches whatever is ready.
///
/// Lives on a thread of its own and is never seen by another. Each turn of the loop is one forward pass: first a row
/// for every session that is writing, then pieces of the prompts that are waiting.
final class DecodeLoop {
  let weights: LlamaWeights
  let tokenizer: LlamaTokenizer
  let parameters: LlamaParameters
  let inbox: Inbox
  let context: LlamaContext
  var adapters: LlamaAdapters
  var batch: LlamaBatch
  var ledger: CellLedger
  var slots: [Slot]
  /// The adapter that the context has on now.
  var applied: Adapter?
  /// Where the next pass begins to look for work, so that everyone gets a turn.
  var cursor = 0
  private var waiting: [Opening] = []
  private var tickets = 0
  private var blockedSince: ContinuousClock.Instant?

  init(_ weights: LlamaWeights, _ tokenizer: LlamaTokenizer, _ parameters: LlamaParameters, _ inbox: Inbox)
    throws(EngineError)
  {
    self.weights = weights
    self.tokenizer = tokenizer
    self.parameters = parameters
    self.inbox = inbox
    context = try LlamaContext(weights, parameters, cells: parameters.totalCells) { inbox.isAbandoned }
    adapters = LlamaAdapters(weights)
    batch = LlamaBatch(capacity: parameters.batchSize)
    ledger = CellLedger(cells: parameters.totalCells)
    slots = (0..<parameters.sequences).map { Slot(id: $0) }
  }

  /// Runs until the inbox is closed.
  func run() {
    while true {
      let arrived = inbox.take()
      if arrived.isClosed { return shutDown(arrived) }
      for job in arrived.jobs { receive(job) }
      waiting += arrived.openings
      admit()
      dropCancelled()
      switch step() {
      case .worked: blockedSince = nil
      case .idle: inbox.wait()
      case .blocked(let slot): waitForCells(slot)
      }
    }
  }

  /// What a turn of the loop came to.
  enum Turn {
    case worked
    /// Nobody has anything to evaluate.
    case idle
    /// There is work, and no free cell for any of it; `Int` is the slot whose turn it is.
    case blocked(Int)
  }

  /// Sleeps until something arrives that may free cells; ends the work of `slot` when that takes too long.
  private func waitForCells(_ slot: Int) {
    let since = blockedSince ?? .now
    blockedSince = since
    let left = parameters.patience - since.duration(to: .now)
    if left > .zero && inbox.wait(atMost: left) { return }
    blockedSince = nil
    let needed = slots[slot].evaluated + (slots[slot].work?.remaining ?? 0)
    finish(slot, throwing: EngineError.contextFull(needed: needed, capacity: parameters.totalCells))
  }

  func nextTicket() -> Int {
    tickets += 1
    return tickets
  }

  // MARK: - Admission

  /// Gives free slots to those who wait, first come first served.
  private func admit() {
    waiting.removeAll { opening in
      if opening.cancellation.isRaised { opening.reply.resume(throwing: CancellationError()) }
      return opening.cancellation.isRaised
    }
    while let opening = waiting.first, let slot = slots.firstIndex(where: { !$0.isOpen }) {
      waiting.removeFirst()
      do throws(EngineError) {
        if let adapter = opening.adapter { _ = try adapters.load(adapter) }
        opening.reply.resume(returning: occupy(slot, adapter: opening.adapter))
      } catch {
        opening.reply.resume(throwing: error)
      }
    }
    while waiting.count > parameters.waiting {
      let refused = waiting.removeLast()
      refused.reply.resume(throwing: EngineError.busy(sequences: slots.count, waiting: waiting.count))
    }
  }

  /// Makes a free slot a new, empty session's.
  func occupy(_ slot: Int, adapter: Adapter?) -> Place {
    slots[slot] = Slot(id: slot, isOpen: true, tenancy: slots[slot].tenancy + 1, adapter: adapter)
    return slots[slot].place
  }

  private func receive(_ job: Job) {
    let slot = job.place.slot
    guard slots[slot].isOpen, slots[slot].place == job.place else { return job.fail(EngineError.sessionClosed) }
    if case .close(let reply) = job.request {
      close(slot)
      reply?.resume()
    } else {
      slots[slot].queue.append(job)
      startNext(slot)
    }
  }

  private func close(_ slot: Int) {
    guard slots[slot].isOpen else { return }
    for job in slots[slot].queue { job.fail(EngineError.sessionClosed) }
    slots[slot].queue = []
    finish(slot, throwing: EngineError.sessionClosed)
    rewind(slot, to: 0)
    slots[slot].isOpen = false
  }

  private func shutDown(_ left: Inbox.Contents) {
    for slot in slots.indices { close(slot) }
    for job in left.jobs { job.fail(EngineError.sessionClosed) }
    for opening in waiting + left.openings { opening.reply.resume(throwing: EngineError.sessionClosed) }
  }

  private func dropCancelled() {
    for slot in slots.indices {
      if slots[slot].work?.job.cancellation.isRaised == true { finish(slot, throwing: CancellationError()) }
      slots[slot].queue.removeAll { job in
        if job.cancellation.isRaised { job.fail(CancellationError()) }
        return job.cancellation.isRaised
      }
    }
  }

  // MARK: - The life of a job

  /// Begins what `slot` was asked next, if it is idle.
  func startNext(_ slot: Int) {
    while slots[slot].work == nil, !slots[slot].queue.isEmpty {
      let job = slots[slot].queue.removeFirst()
      if job.cancellation.isRaised {
        job.fail(CancellationError())
        continue
      }
      do throws(EngineError) { try start(job, in: slot) } catch { job.fail(error) }
    }
  }

  /// Ends the running work of `slot`, which then holds what its cache holds.
  func finish(_ slot: Int, throwing error: (any Error)? = nil) {
    guard let work = slots[slot].work else { return }
    slots[slot].work = nil
    if let error {
      work.writer?.send()
      work.job.fail(error)
      if case .score(_, let base) = work.kind { rewind(slot, to: min(base, slots[slot].evaluated)) }
      // A token that was sampled and not evaluated yet stays; tokens that were only asked for do not.
      let kept = slots[slot].evaluated + (work.own > work.done ? 1 : 0)
      slots[slot].tokens.removeLast(max(0, slots[slot].tokens.count - kept))
    }
    startNext(slot)
  }

  /// Drops what `slot` holds from `count` on.
  func rewind(_ slot: Int, to count: Int) {
    slots[slot].tokens.removeLast(max(0, slots[slot].tokens.count - count))
    guard count < slots[slot].evaluated else { return }
    if context.remove(slots[slot].sequence, from: count) {
      ledger.release(slots[slot].cells[count...])
      slots[slot].cells.removeLast(slots[slot].cells.count - count)
      slots[slot].evaluated = count
    } else {
      // Recurrent and hybrid models can't drop a part: forget everything, and evaluate it anew when it is needed.
      _ = context.remove(slots[slot].sequence, from: 0)
      ledger.release(slots[slot].cells[...])
      slots[slot].cells = []
      slots[slot].evaluated = 0
    }
    if slots[slot].rowCount > count { slots[slot].rowCount = -1 }
  }
}
