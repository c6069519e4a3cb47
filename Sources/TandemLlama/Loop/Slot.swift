import TandemInference

/// One sequence of the context: what its cache holds, and what it is doing.
struct Slot {
  let id: Int
  var isOpen = false
  /// How many sessions have used this slot.
  var sessionNumber = 0
  var adapter: LoadedAdapter?
  /// What the session holds. The last token may be freshly sampled and not evaluated yet.
  var tokens: [Token] = []
  /// How many of `tokens` the cache holds.
  var evaluated = 0
  /// Whether the first token that is not evaluated yet was sampled here: evaluating it is decoding, not prefill.
  var hasOwnToken = false
  /// One for each evaluated token, and those reserved for the running work.
  var cells: [Int32] = []
  /// The logits after the first `rowCount` tokens. Kept while a generation runs, so that rewinding to where it began
  /// needs no second evaluation.
  var row: [Float] = []
  var rowCount = -1
  var counters = EngineCounters()
  var work: Work?
  var queue: [Job] = []

  var ticket: SlotTicket { SlotTicket(slot: id, sessionNumber: sessionNumber) }
  var sequence: Int32 { Int32(id) }
  var hasRow: Bool { rowCount == tokens.count && evaluated == tokens.count }

  /// Whether there is something that a pass could do. Asked of every slot before every pass, so it copies nothing.
  var isReady: Bool { work != nil && work?.proposal == nil }

  /// What the scheduler needs to know; nil if there is no work.
  var ready: ReadySlot? {
    guard let work else { return nil }
    let adapter = adapterRun(of: work)
    return ReadySlot(
      slot: id, arrival: work.arrival, kind: work.schedulingKind, start: work.evaluated, remaining: work.remaining,
      drafts: work.drafts, missingCells: evaluated + work.remaining - cells.count, adapter: adapter.id,
      adapterRun: adapter.count, blockedSince: work.blockedSince)
  }

  /// The adapter that must be on while the next token is evaluated, and how many tokens in a row it is on for.
  private func adapterRun(of work: Work) -> (id: AdapterID, count: Int) {
    guard let adapter, let blankLines = adapter.blankLines else { return (adapter?.id ?? .none, work.remaining) }
    let previous = work.evaluated > 0 ? work.pending[work.evaluated - 1] : tokens.prefix(evaluated).last
    let run = blankLines.run(of: work.pending[work.evaluated...], after: previous)
    return (run.isAtBlankLine ? adapter.id : adapter.withoutVector?.id ?? .none, run.count)
  }
}
