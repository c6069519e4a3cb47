import Hummingbird
import NIOCore

extension ServedRun {
  /// The run as a stream of server-sent events.
  func response(_ fold: some RunFold, _ limits: ServerLimits, _ context: ServerContext) -> Response {
    // `cancel` does nothing to a run that is over.
    .events(limits, context, wake: wake, onEnd: { self.cancel() }) { write in
      try await self.stream(fold, write: write)
    }
  }

  private func stream(_ fold: some RunFold, write: (ByteBuffer) async throws -> Void) async throws {
    var (fold, events) = (fold, EventBuffer())
    try fold.begin(&events)
    do {
      while let updates = try await next() {
        for update in updates.joiningPieces { try fold.take(update, &events) }
        if updates.isEmpty { try fold.ping(&events) }
        try await write(events.take())
      }
      try fold.finish(&events)
    } catch let error as ServerError {
      try fold.fail(error, &events)
    }
    try await write(events.take())
  }
}

extension [ChoiceUpdate] {
  /// The same with neighbouring texts as one: what has piled up while the client was read by others costs one event.
  var joiningPieces: [ChoiceUpdate] {
    var joined: [ChoiceUpdate] = []
    for update in self {
      if case .piece(let piece) = update.update, let last = joined.last, last.choice == update.choice,
        case .piece(let before) = last.update, before.author == piece.author, before.segment == piece.segment
      {
        let text = before.text + piece.text
        joined[joined.count - 1] = ChoiceUpdate(
          choice: update.choice, update: .piece(Piece(text: text, author: piece.author, segment: piece.segment)))
      } else {
        joined.append(update)
      }
    }
    return joined
  }
}
