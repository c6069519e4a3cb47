import TandemInference

/// Cells are made when they are needed: docs/decisions/0035.
extension DecodeLoop {
  /// Makes the cache larger if what the slots are to evaluate does not fit in, as far as it may be larger.
  ///
  /// - Returns: Whether the snapshot is out of date.
  func makeRoom() -> Bool {
    guard size.canGrow else { return false }
    switch parameters.cache {
    case .shared:
      let missing = snapshot.ready.reduce(0) { $0 + max(0, $1.missingCells) }
      return grow(toHold: size.total - ledger.free + missing)
    case .separate:
      return grow(toHold: snapshot.ready.reduce(0) { max($0, slots[$1.slot].cells.count + $1.missingCells) })
    }
  }

  /// The same for `count` cells of a session that has none.
  func makeRoom(for count: Int) {
    guard size.canGrow else { return }
    _ = grow(toHold: parameters.cache == .shared ? size.total - ledger.free + count : count)
  }

  private func grow(toHold needed: Int) -> Bool {
    guard let larger = size.grown(toHold: needed) else { return false }
    applied = .none
    let least = CacheSize.least * size.parts
    do throws(EngineError) {
      let isWhole = try context.resize(to: larger.total, least: least)
      if !isWhole { forgetAll(because: .decodeFailed(code: -1)) }
      ledger.add(larger.total - size.total)
      size = larger
    } catch {
      // There is no memory for it, and may be none later on: what the cache has now is what there is.
      forgetAll(because: .contextFull(needed: needed * size.parts, capacity: least))
      size.stay(at: CacheSize.least)
      ledger = CellLedger(cells: size.total)
    }
    return true
  }

  /// Ends all work. Sessions keep their tokens, which are evaluated again when something needs them.
  private func forgetAll(because error: EngineError) {
    for slot in slots.indices where slots[slot].isOpen {
      finish(slot, throwing: error)
      _ = context.remove(slots[slot].sequence, from: 0)
      ledger.release(slots[slot].cells[...])
      slots[slot].cells = []
      slots[slot].evaluated = 0
      slots[slot].hasOwnToken = false
    }
  }
}
