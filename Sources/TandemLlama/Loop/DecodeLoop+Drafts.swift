import TandemInference

/// Draft tokens, which a proposer expects a generation to sample: evaluated together with the one that was sampled last.
extension DecodeLoop {
  /// Asks for draft tokens that may follow the token just sampled.
  func requestDrafts(_ slot: Int) {
    guard let work = slots[slot].work, let generation = work.generation, let proposer = generation.proposer,
      let context = generation.proposalContext(after: slots[slot].tokens, contextSize: parameters.contextSize)
    else { return }
    guard proposer.isWanted(in: context) else { return count(slot) { $0.proposals.skipped += 1 } }
    switch proposer {
    case .immediate(let propose, _): addDrafts(context.usable(propose(context), of: tokenizer.vocabulary), slot)
    case .deferred(let propose, _):
      generation.flush()  // the answer may take any time
      let (inbox, ticket, arrival, vocabulary) = (self.inbox, slots[slot].ticket, work.arrival, tokenizer.vocabulary)
      slots[slot].work?.proposal = Task {
        let answer: Job.Request
        do {
          answer = .drafts(context.usable(try await propose(context), of: vocabulary), arrival: arrival)
        } catch {
          answer = .draftsFailed(error, arrival: arrival)
        }
        inbox.post(Job(ticket: ticket, cancellation: .init(), request: answer))
      }
    }
  }

  /// Puts draft tokens behind the token that `slot` has to evaluate.
  func addDrafts(_ drafts: [Token], _ slot: Int) {
    slots[slot].work?.proposal = nil
    slots[slot].work?.pending += drafts
    slots[slot].work?.drafts = drafts.count
    count(slot) { $0.proposals.propose(drafts.count) }
  }

  /// Compares the token just sampled with the next draft token; if they differ, or the generation ends, all others go.
  ///
  /// - Returns: Whether the row after it is there, or is going to be evaluated already.
  func acceptDraft(_ slot: Int, _ sampled: SampledToken) -> Bool {
    guard let work = slots[slot].work, let draft = work.nextDraft else { return false }
    let isRight = draft == sampled.token
    if isRight { count(slot) { $0.proposals.accept(work.pending.count - 1 - work.drafts) } }
    guard isRight, sampled.stop == nil else {
      dropRows(slot, from: slots[slot].tokens.count - 1)
      return false
    }
    slots[slot].work?.drafts -= 1
    if slots[slot].evaluated >= slots[slot].tokens.count {
      slots[slot].hasOwnToken = false
      count(slot) { $0.decoded += 1 }
    }
    return true
  }

  /// Forgets rows that were evaluated in vain: a session holds what was sampled, and no draft tokens.
  func dropRows(_ slot: Int, from position: Int) {
    let surplus = slots[slot].evaluated - position
    guard surplus > 0 else { return }
    count(slot) { $0.proposals.rejected += surplus }
    let hasOwnToken = slots[slot].hasOwnToken
    forget(slot, from: position)
    slots[slot].hasOwnToken = hasOwnToken
  }
}

extension Work {
  /// How many of `rows` are draft tokens.
  func drafts(in rows: ScheduledRows) -> Int {
    max(0, rows.start + rows.count - max(rows.start, pending.count - drafts))
  }

  /// Drops the last `count` draft tokens, or all of them.
  mutating func dropDrafts(_ count: Int = .max) {
    let dropped = min(count, drafts)
    pending.removeLast(dropped)
    drafts -= dropped
  }
}
