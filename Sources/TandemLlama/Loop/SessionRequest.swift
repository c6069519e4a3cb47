import TandemInference

/// A caller that waits for a free slot.
struct SessionRequest: Sendable {
  let adapter: Adapter?
  let cancellation: CancellationFlag
  let reply: Job.Reply<SlotTicket>
}
