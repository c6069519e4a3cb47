/// What one forward pass does: decided by `Scheduler`, carried out by `DecodeLoop`.
struct Schedule: Hashable {
  /// Who takes part, in the order of the rows; empty if no slot can do anything.
  var rows: [ScheduledRows] = []
  /// The adapter that is on.
  var adapter = AdapterID.none
  /// Whether the pass computes a hidden state instead of logits.
  var isEmbedding = false
  /// Whether prompts are in it: it then takes longer than a listener should wait for tokens that are held back.
  var hasPrompts = false
  /// Where the search for work begins next time.
  var cursor = 0
  /// Slots for whose tokens there are no cells. Their draft tokens are dropped.
  var blocked: [Int] = []
  /// Those that have waited for cells for as long as they may.
  var refused: [Int] = []
}

/// The rows of one slot in a pass.
struct ScheduledRows: Hashable {
  let slot: Int
  /// The first of its rows in the batch.
  var firstRow: Int
  /// Where its first token is in what its work has to evaluate.
  let start: Int
  /// How many tokens are evaluated.
  let count: Int
  /// Cells to reserve first: for all that the work has to evaluate, lest two halves of prompts wait for each other.
  var newCells = 0
  /// Draft tokens to drop first, because there are no cells for them.
  var droppedDrafts = 0
}
