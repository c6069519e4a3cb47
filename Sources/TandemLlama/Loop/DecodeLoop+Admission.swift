import TandemInference

/// Who gets a slot.
extension DecodeLoop {
  /// Gives free slots to those who wait, first come first served.
  func admit(_ arrived: [Opening]) {
    // Whoever gives up raises a flag first and nudges then: one that is not seen here comes with a nudge.
    waiting += arrived
    dropCancelledOpenings()
    while let opening = waiting.first, let slot = slots.firstIndex(where: { !$0.isOpen }) {
      waiting.removeFirst()
      do throws(EngineError) {
        let adapter = try opening.adapter.map { (adapter) throws(EngineError) in try load(adapter) }
        opening.reply.resume(returning: occupy(slot, adapter: adapter))
      } catch {
        opening.reply.resume(throwing: error)
      }
    }
    while waiting.count > parameters.waiting {
      let refused = waiting.removeLast()
      refused.reply.resume(throwing: EngineError.busy(sequences: slots.count, waiting: waiting.count))
    }
  }

  /// Sessions with equal adapters share one value, so that who can go into a pass together is told by identity.
  private func load(_ adapter: Adapter) throws(EngineError) -> LoadedAdapter {
    for slot in slots where slot.isOpen {
      if let loaded = slot.adapter, loaded.adapter == adapter { return loaded }
    }
    return try adapters.load(adapter)
  }

  /// Makes a free slot a new, empty session's.
  func occupy(_ slot: Int, adapter: LoadedAdapter?) -> Place {
    slots[slot] = Slot(id: slot, isOpen: true, tenancy: slots[slot].tenancy + 1, adapter: adapter)
    return slots[slot].place
  }

  func dropCancelledOpenings() {
    waiting.removeAll { opening in
      guard opening.cancellation.isRaised else { return false }
      opening.reply.resume(throwing: CancellationError())
      return true
    }
  }
}
