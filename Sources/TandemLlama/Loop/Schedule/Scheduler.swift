/// Decides what the next forward pass does, from values alone.
///
/// First comes a row for every session that is generating, with as many draft tokens as there is room for; then pieces
/// of the prompts that are waiting, in the order they came; then scores, which use up the rows of logits.
struct Scheduler {
  /// The most rows of a pass.
  let batchSize: Int
  /// The most rows of prompts in a pass that generations take part in.
  let prefillChunk: Int
  /// The most rows of logits that a pass can compute.
  let outputRows: Int
  /// Whether every slot has a pass of its own: the shape of a batch changes the last bits of its numbers.
  let isDeterministic: Bool
  /// How long a slot waits for cells.
  let patience: Duration

  func schedule(_ input: SchedulerInput) -> Schedule {
    var planner = PassPlanner(self, input)
    var found: Schedule?
    // An adapter is on for a whole pass. Slots with another one than last time come first, so that each gets its turn.
    if let other = planner.order.first(where: { input.ready[$0].adapter != input.appliedAdapter }) {
      found = planner.pass(ledBy: other)
    }
    for leader in planner.order where found == nil { found = planner.pass(ledBy: leader) }
    var schedule = found ?? Schedule(cursor: input.cursor)
    for index in planner.blocked {
      let blocked = input.ready[index]
      guard !schedule.rows.contains(where: { $0.slot == blocked.slot }) else { continue }
      if (blocked.blockedSince ?? input.now).duration(to: input.now) < patience {
        schedule.blocked.append(blocked.slot)
      } else {
        schedule.refused.append(blocked.slot)
      }
    }
    return schedule
  }
}
