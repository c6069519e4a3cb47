import TandemInference

/// The one place where an engine computes: receives jobs from its inbox, and batches whatever is ready.
///
/// Lives on a thread of its own and is used by no other. Each turn of the loop is one forward pass: a snapshot of the
/// slots goes to the scheduler, and the schedule that it returns is carried out.
final class DecodeLoop {
  let weights: LlamaWeights
  let tokenizer: LlamaTokenizer
  let parameters: LlamaParameters
  let inbox: Inbox
  var context: LlamaContext
  var size: CacheSize
  var adapters: LlamaAdapters
  var batch: LlamaBatch
  var ledger: CellLedger
  var slots: [Slot]
  let scheduler: Scheduler
  /// What the scheduler gets to see; kept to reuse its memory.
  var snapshot = SchedulerInput()
  /// The adapter that the context has on now.
  var applied = AdapterID.none
  /// Where the next pass begins to look for work, so that every session gets a turn.
  var cursor = 0
  /// Slots that may have something to begin.
  private var idle: [Int] = []
  /// Callers for whom there is no slot yet.
  var waiting: [SessionRequest] = []
  private var arrivals = 0

  init(_ weights: LlamaWeights, _ tokenizer: LlamaTokenizer, _ parameters: LlamaParameters, _ inbox: Inbox)
    throws(EngineError)
  {
    self.weights = weights
    self.tokenizer = tokenizer
    self.parameters = parameters
    self.inbox = inbox
    size = CacheSize(parameters, grows: !weights.isRecurrent)
    context = try LlamaContext(weights, parameters, cells: size.total) { inbox.isAbandoned }
    adapters = LlamaAdapters(weights, tokenizer)
    scheduler = Scheduler(
      batchSize: parameters.batchSize, prefillChunk: parameters.prefillChunk, outputRows: parameters.outputRows,
      isDeterministic: parameters.isDeterministic, patience: parameters.patience)
    batch = LlamaBatch(capacity: parameters.batchSize)
    ledger = CellLedger(cells: size.total)
    slots = (0..<parameters.sequences).map { Slot(id: $0) }
  }

  /// Runs until the inbox is closed.
  func run() {
    while true {
      let arrived = inbox.drain()
      if arrived.isClosed { return shutDown(arrived) }
      for job in arrived.jobs { receive(job) }
      if arrived.isNudged { dropCancelled() }
      if !arrived.sessionRequests.isEmpty || !waiting.isEmpty { admit(arrived.sessionRequests) }
      startIdle()
      switch step() {
      case .worked: break
      case .idle: if idle.isEmpty { inbox.wait() }
      case .blocked:
        inbox.wait(until: slots.compactMap { $0.work?.blockedSince }.min().map { $0 + parameters.patience })
      }
    }
  }

  /// The outcome of one turn of the loop.
  enum Turn {
    case worked
    /// There is nothing to evaluate.
    case idle
    /// There is work, and no free cell for any of it.
    case blocked
  }

  /// The number of the next job that needs the model.
  func nextArrival() -> Int {
    arrivals += 1
    return arrivals
  }

  // MARK: - Sessions and their jobs

  private func receive(_ job: Job) {
    let slot = job.ticket.slot
    guard slots[slot].isOpen, slots[slot].ticket == job.ticket else { return job.fail(EngineError.sessionClosed) }
    if case .close(let reply) = job.request {
      close(slot)
      reply?.resume()
    } else if case .drafts(let tokens, let arrival) = job.request {
      if slots[slot].work?.arrival == arrival { addDrafts(tokens, slot) }
    } else if case .draftsFailed(let error, let arrival) = job.request {
      if slots[slot].work?.arrival == arrival { finish(slot, throwing: error) }
    } else if job.cancellation.isRaised {
      job.fail(CancellationError())
    } else if case .readAhead(let tokens) = job.request {
      readAhead(slot, to: tokens, job)
    } else {
      if slots[slot].work?.isAhead == true { finish(slot) }
      slots[slot].queue.append(job)
      idle.append(slot)
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
    for request in waiting + left.sessionRequests { request.reply.resume(throwing: EngineError.sessionClosed) }
  }

  private func dropCancelled() {
    dropCancelledRequests()
    for slot in slots.indices {
      if slots[slot].work?.job.cancellation.isRaised == true { finish(slot, throwing: CancellationError()) }
      slots[slot].queue.removeAll { job in
        guard job.cancellation.isRaised else { return false }
        job.fail(CancellationError())
        return true
      }
    }
  }

  // MARK: - The life of a job

  /// Starts the next job of each idle slot.
  private func startIdle() {
    while let slot = idle.popLast() {
      while slots[slot].work == nil, !slots[slot].queue.isEmpty {
        let job = slots[slot].queue.removeFirst()
        do throws(EngineError) { try start(job, in: slot) } catch { job.fail(error) }
      }
    }
  }

  /// Ends the running work of `slot`, which then holds what its cache holds.
  func finish(_ slot: Int, throwing error: (any Error)? = nil) {
    guard let work = slots[slot].work else { return }
    slots[slot].work = nil
    work.proposal?.cancel()
    if work.isAhead { trim(slot) }
    if let error {
      work.generation?.flush()
      switch work.kind {
      case .extend, .generate, .readAhead: trim(slot)
      case .score(_, let base, _): rewind(slot, to: base)
      case .logits, .embedding: break
      }
      work.job.fail(error)
    }
    releaseUnusedCells(slot)
    idle.append(slot)
  }

  /// A token that was sampled and not evaluated yet stays; tokens that were only asked for do not.
  private func trim(_ slot: Int) {
    let kept = slots[slot].evaluated + (slots[slot].hasOwnToken ? 1 : 0)
    slots[slot].tokens.removeLast(max(0, slots[slot].tokens.count - kept))
  }

  func releaseUnusedCells(_ slot: Int) {
    let unused = slots[slot].cells.count - slots[slot].evaluated
    guard unused > 0 else { return }
    ledger.release(slots[slot].cells.suffix(unused))
    slots[slot].cells.removeLast(unused)
  }

  /// Drops what `slot` holds from `count` on.
  func rewind(_ slot: Int, to count: Int) {
    slots[slot].tokens.removeLast(max(0, slots[slot].tokens.count - count))
    if slots[slot].rowCount > count { slots[slot].rowCount = -1 }
    forget(slot, from: count)
    if slots[slot].tokens.count <= slots[slot].evaluated { slots[slot].hasOwnToken = false }
  }

  /// Drops the evaluation of `slot` from `count` on; the tokens stay, to be evaluated again.
  func forget(_ slot: Int, from count: Int) {
    guard count < slots[slot].evaluated else { return }
    // Recurrent and hybrid models can't drop a part: forget everything, and evaluate it again when it is needed.
    let left = context.remove(slots[slot].sequence, from: count) ? count : 0
    if left < count { _ = context.remove(slots[slot].sequence, from: 0) }
    ledger.release(slots[slot].cells[left...])
    slots[slot].cells.removeLast(slots[slot].cells.count - left)
    slots[slot].evaluated = left
    slots[slot].hasOwnToken = false
  }
}
