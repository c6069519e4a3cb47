import TandemInference

/// Which caller gets a slot.
extension DecodeLoop {
  /// Gives free slots to callers that wait, first come first served.
  func admit(_ arrived: [SessionRequest]) {
    // A cancelled caller raises its flag first and nudges then: a flag that is missed here comes with a nudge.
    waiting += arrived
    dropCancelledRequests()
    while let request = waiting.first, let slot = slots.firstIndex(where: { !$0.isOpen }) {
      waiting.removeFirst()
      do throws(EngineError) {
        let adapter = try request.adapter.map { (adapter) throws(EngineError) in try load(adapter) }
        request.reply.resume(returning: open(slot, adapter: adapter))
      } catch {
        request.reply.resume(throwing: error)
      }
    }
    while waiting.count > parameters.waiting {
      let refused = waiting.removeLast()
      refused.reply.resume(throwing: EngineError.busy(sequences: slots.count, waiting: waiting.count))
    }
  }

  /// Sessions with equal adapters share one value, so that they can share a pass.
  private func load(_ adapter: Adapter) throws(EngineError) -> LoadedAdapter {
    for slot in slots where slot.isOpen {
      if let loaded = slot.adapter, loaded.adapter == adapter { return loaded }
    }
    return try adapters.load(adapter)
  }

  /// Makes a free slot a new, empty session's.
  func open(_ slot: Int, adapter: LoadedAdapter?) -> SlotTicket {
    slots[slot] = Slot(id: slot, isOpen: true, sessionNumber: slots[slot].sessionNumber + 1, adapter: adapter)
    return slots[slot].ticket
  }

  func dropCancelledRequests() {
    waiting.removeAll { request in
      guard request.cancellation.isRaised else { return false }
      request.reply.resume(throwing: CancellationError())
      return true
    }
  }
}
