import TandemInference

/// Tokens that a proposer expects a generation to draw, evaluated together with the one that was drawn last.
extension DecodeLoop {
  /// Asks for guesses of what follows the token just drawn.
  func askForGuesses(_ slot: Int) {
    guard let work = slots[slot].work, let writer = work.writer, let proposer = writer.proposer,
      let prospect = writer.prospect(after: slots[slot].tokens, contextSize: parameters.contextSize)
    else { return }
    switch proposer {
    case .immediate(let propose): take(prospect.usable(propose(prospect), of: tokenizer.vocabulary), slot)
    case .deferred(let propose):
      writer.send()  // nobody knows how long it takes
      let (inbox, place, ticket, vocabulary) = (self.inbox, slots[slot].place, work.ticket, tokenizer.vocabulary)
      slots[slot].work?.asking = Task {
        let answer: Job.Request
        do {
          answer = .guesses(prospect.usable(try await propose(prospect), of: vocabulary), ticket: ticket)
        } catch {
          answer = .noGuesses(error, ticket: ticket)
        }
        inbox.post(Job(place: place, cancellation: .init(), request: answer))
      }
    }
  }

  /// Puts guesses behind the token that the work of `slot` owes.
  func take(_ guesses: [Token], _ slot: Int) {
    slots[slot].work?.asking = nil
    slots[slot].work?.owed += guesses
    slots[slot].work?.guessed = guesses.count
    count(slot) { $0.proposals.propose(guesses.count) }
  }

  /// Guesses are not worth waiting for cells.
  func dropUnaffordableGuesses(_ slot: Int) {
    guard let work = slots[slot].work, work.guessed > 0 else { return }
    let lacking = slots[slot].evaluated + work.remaining - slots[slot].cells.count - ledger.free
    guard lacking > 0 else { return }
    let count = min(lacking, work.guessed)
    slots[slot].work?.owed.removeLast(count)
    slots[slot].work?.guessed -= count
  }

  /// Draws a token after each row of `share` that follows what is certain, for as long as the guesses were right.
  func write(_ share: Share) throws(EngineError) {
    while let work = slots[share.slot].work, work.owed.count - 1 - work.guessed < work.done {
      let row = share.firstRow + work.owed.count - 1 - work.guessed - share.start
      do throws(EngineError) {
        try context.withLogits(row: row) { (logits) throws(EngineError) in try write(share.slot, logits) }
      } catch {
        dropRows(share.slot, from: slots[share.slot].tokens.count)
        throw error
      }
    }
  }

  /// Notes whether the token just drawn is the next guess; where it is not, or ends it all, the other guesses go.
  ///
  /// - Returns: Whether the row after it is there, or owed already.
  func compare(_ slot: Int, with sampled: SampledToken) -> Bool {
    guard let work = slots[slot].work, let guess = work.guess else { return false }
    let isRight = guess == sampled.token
    if isRight { count(slot) { $0.proposals.accept(work.owed.count - 1 - work.guessed) } }
    guard isRight, sampled.stop == nil else {
      dropRows(slot, from: slots[slot].tokens.count - 1)
      return false
    }
    slots[slot].work?.guessed -= 1
    if slots[slot].evaluated >= slots[slot].tokens.count {
      slots[slot].hasOwnToken = false
      count(slot) { $0.decoded += 1 }
    }
    return true
  }

  /// Forgets rows that were evaluated in vain: a session holds what it has drawn, and no guesses.
  private func dropRows(_ slot: Int, from position: Int) {
    let surplus = slots[slot].evaluated - position
    guard surplus > 0 else { return }
    count(slot) { $0.proposals.rejected += surplus }
    let hasOwnToken = slots[slot].hasOwnToken
    forget(slot, from: position)
    slots[slot].hasOwnToken = hasOwnToken
  }
}

extension Work {
  /// How many rows of `share` are guesses.
  func guesses(in share: DecodeLoop.Share) -> Int {
    max(0, share.start + share.count - max(share.start, owed.count - guessed))
  }
}
