import Hummingbird
import NIOCore
import Synchronization
import Tandem
import TandemInference

/// What a completion writes, until its client reads it.
final class CompletionStream: Sendable {
  /// A piece of one of the continuations.
  struct Part: Sendable {
    var piece: CompletionRun.Piece
    var index: Int
    var prompt: Int
  }

  private struct State {
    var task: Task<Void, Never>?
    var cause: ServerError?
  }

  private let request: CompletionRequest
  private let shape: CompletionResponse
  private let prompts: [[Token]]
  private let outbox = Outbox<Part>(limit: ServerLimits.unreadBytes)
  private let state = Mutex(State())

  /// - Parameters:
  ///   - request: What was asked for.
  ///   - shape: The response without its choices.
  ///   - prompts: The tokens of each prompt.
  init(_ request: CompletionRequest, _ shape: CompletionResponse, _ prompts: [[Token]]) {
    self.request = request
    self.shape = shape
    self.prompts = prompts
  }

  /// Runs `write`. Called once; `onEnd` is called when nothing of it runs any more.
  func begin(_ write: @escaping @Sendable () async throws -> Void, onEnd: @escaping @Sendable () -> Void) {
    let task = Task {
      let end: Result<Void, ServerError>
      do {
        try await write()
        end = .success(())
      } catch {
        end = .failure(state.withLock { $0.cause } ?? ServerError(error))
      }
      onEnd()
      outbox.finish(end)
    }
    let isCancelled = state.withLock { state in
      state.task = task
      return state.cause != nil
    }
    if isCancelled { task.cancel() }
  }

  /// Ends the writing.
  func cancel(because cause: ServerError) {
    let task = state.withLock { state in
      state.cause = state.cause ?? cause
      return state.task
    }
    task?.cancel()
  }

  /// Adds a piece. Throws if too much is unread.
  func put(_ piece: CompletionRun.Piece, index: Int, prompt: Int) throws(ServerError) {
    let part = Part(piece: piece, index: index, prompt: prompt)
    guard outbox.put(part, cost: piece.text.utf8.count + 16 * piece.tokens.count + 64) else {
      throw .readerTooSlow
    }
  }

  // MARK: - Reading

  /// The whole response. If the waiting task is cancelled, so is the writing.
  func whole() async throws -> CompletionResponse {
    var (choices, usage) = ([CompletionResponse.Choice](), CompletionResponse.Usage())
    try await withTaskCancellationHandler {
      while let parts = try await outbox.next() {
        for part in parts {
          usage.take(part, prompts)
          if part.index == choices.count { choices.append(choice(part, isFirst: true)) }
          choices[part.index].text += part.piece.text
          choices[part.index].finishReason = part.piece.finish
          choices[part.index].tokenIDs? += part.piece.tokens.map(\.rawValue)
          guard let more = part.piece.logprobs else { continue }
          if choices[part.index].logprobs == nil { choices[part.index].logprobs = LogProbabilities() }
          choices[part.index].logprobs?.append(more)
        }
      }
    } onCancel: {
      cancel(because: .clientGone)
    }
    var response = shape
    (response.choices, response.usage) = (choices, usage)
    return response
  }

  /// The response in parts. Throws if it fails before there is anything to read, so that the failure has a status.
  func response(_ limits: ServerLimits, _ context: ServerContext) async throws -> Response {
    try await outbox.first(within: limits.ping)
    return .events(limits, context, wake: outbox.wake, onEnd: { self.cancel(because: .clientGone) }) { write in
      var events = EventBuffer()
      do {
        try await self.send(&events, write)
        events.send(text: "[DONE]")
      } catch let error as ServerError {
        try events.send(error)
      }
      try await write(events.take())
    }
  }

  private func send(_ events: inout EventBuffer, _ write: (ByteBuffer) async throws -> Void) async throws {
    var (begun, usage) = (-1, CompletionResponse.Usage())
    while let parts = try await outbox.next() {
      if parts.isEmpty { events.send(comment: "ping") }
      for part in parts {
        usage.take(part, prompts)
        guard part.piece.isShown else { continue }
        var choice = choice(part, isFirst: part.index != begun)
        begun = part.index
        (choice.text, choice.finishReason, choice.logprobs) = (part.piece.text, part.piece.finish, part.piece.logprobs)
        choice.tokenIDs? += part.piece.tokens.map(\.rawValue)
        var response = shape
        response.choices = [choice]
        if request.usage == .always { response.usage = usage }
        try events.send(response)
      }
      try await write(events.take())
    }
    guard request.usage != .never else { return }
    var last = shape
    last.usage = usage
    try events.send(last)
  }

  private func choice(_ part: Part, isFirst: Bool) -> CompletionResponse.Choice {
    CompletionResponse.Choice(
      index: part.index, text: "", tokenIDs: request.returnsTokenIDs ? [] : nil,
      promptTokenIDs: request.returnsTokenIDs && isFirst ? prompts[part.prompt].map(\.rawValue) : nil)
  }
}

extension CompletionResponse.Usage {
  /// Counts a piece; the prompt with the first one that belongs to it.
  fileprivate mutating func take(_ part: CompletionStream.Part, _ prompts: [[Token]]) {
    while promptsRead <= part.prompt {
      promptTokens += prompts[promptsRead].count
      promptsRead += 1
    }
    completionTokens += part.piece.written
  }
}
