import Synchronization

/// The target's tokens as they are, while what they reject is noted.
actor RecordedGeneration {
  private let generation: Generation
  private let asked: Int
  private let notes: RejectionNotes
  private var tokens: Generation.AsyncIterator?

  /// - Parameter asked: The alternatives that the reader wants with each token.
  init(_ generation: Generation, asked: Int, _ notes: RejectionNotes) {
    (self.generation, self.asked, self.notes) = (generation, asked, notes)
  }

  func next() async throws -> SampledToken? {
    var iterator = tokens ?? generation.makeAsyncIterator()
    guard let sampled = try await iterator.next(isolation: self) else {
      notes.write()
      return nil
    }
    tokens = iterator
    notes.note(sampled)
    return SampledToken(
      token: sampled.token, logProbability: sampled.logProbability, entropy: sampled.entropy,
      alternatives: Array(sampled.alternatives.prefix(asked)), watched: sampled.watched, stop: sampled.stop)
  }
}

/// The guesses of one generation that its target rejected.
final class RejectionNotes: Sendable {
  private let recording: DraftRecording
  private let state = Mutex(State())

  private struct State {
    /// Drafts that the target's tokens have not all been compared with.
    var drafts: [(context: ProposalContext, tokens: [Token])] = []
    /// Tokens that the reader has got.
    var drawn = 0
    var found = DraftRejections(tokens: [], rejections: [])
  }

  init(_ recording: DraftRecording) { self.recording = recording }

  // A reader that has enough leaves without a word.
  deinit { write() }

  /// Takes note of a draft. Its target's tokens are read later than it, or never.
  func note(_ draft: [Token], at context: ProposalContext) {
    guard !draft.isEmpty else { return }
    state.withLock { $0.drafts.append((context, draft)) }
  }

  /// Takes note of the next token that the target wrote.
  func note(_ sampled: SampledToken) {
    state.withLock { state in
      let number = state.drawn
      state.drawn += 1
      state.drafts.removeAll { $0.context.drawn + $0.tokens.count <= number }
      guard let (context, draft) = state.drafts.first, number >= context.drawn else { return }
      let index = number - context.drawn
      guard draft[index] != sampled.token else { return }
      // The rest of the draft was guessed after a token that is not there.
      state.drafts.removeFirst()
      let before = context.tokens + draft[..<index]
      state.found.tokens = before + [sampled.token]
      state.found.rejections.append(
        .init(
          position: before.count, draft: draft[index], likeliest: sampled.alternatives.map(\.token),
          logProbabilities: sampled.alternatives.map(\.logProbability)))
    }
  }

  /// Hands over what was found, once.
  func write() {
    let found = state.withLock { state in
      defer { state.found = DraftRejections(tokens: [], rejections: []) }
      return state.found
    }
    if !found.rejections.isEmpty { recording.write(found) }
  }
}
