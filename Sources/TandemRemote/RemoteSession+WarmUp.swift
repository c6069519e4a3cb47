public import TandemInference

extension RemoteSession: WarmingSession {
  /// Asks the server for one token, which is dropped: what it has read for that stays in its cache.
  public nonisolated func warmUp(with tokens: [Token]) {
    Task { await self.beginWarmUp(with: tokens) }
  }

  /// Waits for what the server reads ahead: it is a part of what comes next, and another worker of the server would read
  /// it a second time.
  func finishWarmUp() async {
    guard let warmUp else { return }
    await withTaskCancellationHandler {
      await warmUp.value
    } onCancel: {
      warmUp.cancel()
    }
  }

  private func beginWarmUp(with tokens: [Token]) async {
    // One at a time, and none beside a generation: the next one reads what this one left out.
    guard isOpen, warmUp == nil, generation == nil, !tokens.isEmpty, tokens.count < model.contextSize else { return }
    warmUp = Task {
      await self.read(tokens)
      self.warmUp = nil
    }
  }

  private func read(_ tokens: [Token]) async {
    let call = CompletionCall(model: serving, prompt: tokens, sampling: .greedy, seed: 0, limit: 1)
    // It fails silently, since the next generation reports what is wrong.
    guard let request = try? model.dialect.completion(call), (try? await model.pool.enter(run)) != nil else { return }
    let stream = model.transport.stream(named(request)) { [pool = model.pool] in pool.exit() }
    var (usage, count) = (nil as CompletionUsage?, 0)
    while let data = try? await stream.next() {
      let event = try? model.dialect.event(data, received: count)
      count += event?.tokens.count ?? 0
      usage = event?.usage ?? usage
    }
    // Not its seconds: nobody waited for them.
    countServer {
      $0.calls += 1
      $0.prompt += usage?.prompt ?? tokens.count
      $0.cached += usage?.cached ?? 0
      $0.discarded += count
    }
  }
}
