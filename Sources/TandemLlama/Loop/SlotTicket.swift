/// A slot, and which of the sessions that have used it: a session that was closed twice must not close the next one in
/// its slot.
struct SlotTicket: Sendable, Hashable {
  let slot: Int
  let sessionNumber: Int
}
