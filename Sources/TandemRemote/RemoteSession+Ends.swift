import TandemInference

/// What becomes of a stream when its generation is over.
extension RemoteSession {
  /// Reads on to the server's own end if that is at hand, leaves the stream open if the next request may continue there,
  /// and closes it otherwise.
  func finish(_ generation: RemoteGeneration, at reason: StopReason?) {
    self.generation = nil
    generation.leash.release()
    switch reason {
    case .text where writesOn(generation), .limit where writesOn(generation): leaveOpen(generation)
    case .text, .token, .limit, .endOfGeneration: settle(generation)
    default:
      generation.close()
      settle(generation)
    }
  }

  /// Reads what is left of a stream in the background, which keeps the connection usable, and counts what the call cost.
  func settle(_ generation: RemoteGeneration) {
    later { [self] in
      var (generation, unused) = (generation, generation.queue.count)
      while let data = try? await generation.stream.next() {
        guard let event = try? model.dialect.event(data, received: generation.received) else { continue }
        let more = event.tokens.count + (event.missing?.count ?? 0)
        generation.received += more
        unused += more
        generation.usage = event.usage ?? generation.usage
        // The server has not found the end that was found here, and would write on.
        if more > 0, event.end == nil { generation.close() }
      }
      await account(for: generation, unused: unused)
    }
  }

  private func account(for generation: RemoteGeneration, unused: Int) {
    let now = ContinuousClock.now
    countServer {
      $0.prompt += generation.usage?.prompt ?? generation.call.prompt.count
      $0.cached += generation.usage?.cached ?? 0
      $0.discarded += unused
      $0.seconds += generation.began.duration(to: now) / .seconds(1)
      $0.secondsToFirstToken += generation.began.duration(to: generation.firstToken ?? now) / .seconds(1)
    }
  }

  // MARK: - Look-ahead

  /// Whether the server writes on after what has arrived: it was given no stop text, and not this limit.
  private func writesOn(_ generation: RemoteGeneration) -> Bool {
    model.options.looksAhead && generation.end == nil && generation.received < generation.call.limit
  }

  /// Keeps the stream for a moment: in most strategies the same model writes the next thought.
  private func leaveOpen(_ generation: RemoteGeneration) {
    ahead = generation
    let seconds = model.options.secondsAhead
    Task { [weak self] in
      try? await Task.sleep(for: .seconds(seconds))
      await self?.giveUp(generation.id)
    }
  }

  private func giveUp(_ id: GenerationID) {
    guard let open = ahead, open.id === id else { return }
    ahead = nil
    open.close()
    settle(open)
  }

  /// The stream that is still open, if it writes just what is asked for now: the same model, sampling and biases after
  /// the very tokens that this session holds. Its seed is that of its own request.
  func takeAhead(
    _ continues: Bool, _ call: CompletionCall, _ request: GenerationRequest, _ id: GenerationID, _ leash: StreamLeash
  ) -> RemoteGeneration? {
    guard let open = ahead else { return nil }
    ahead = nil
    var expected = open.call
    (expected.prompt, expected.seed, expected.limit) = (call.prompt, call.seed, call.limit)
    guard continues, expected == call else {
      open.close()
      settle(open)
      return nil
    }
    var adopted = RemoteGeneration(id, open.call, request, leash, open.stream, model.tokenizer)
    (adopted.queue, adopted.received, adopted.end) = (open.queue, open.received, open.end)
    (adopted.usage, adopted.firstToken) = (open.usage, open.firstToken)
    leash.hold(open.stream)
    return adopted
  }
}
