import Synchronization
import TandemInference

/// One stream of a server, and what has come from it so far.
struct RemoteGeneration {
  let id: GenerationID
  /// What the server was asked.
  let call: CompletionCall
  let request: GenerationRequest
  let leash: StreamLeash
  let stream: EventStream
  let began = ContinuousClock.now
  var rule: StopRule
  /// Tokens that have arrived and were not returned yet.
  var queue: [ReportedToken] = []
  /// How many tokens have arrived.
  var received = 0
  /// How many of them were returned.
  var returned = 0
  /// Set once the server has ended.
  var end: CompletionEnd?
  var usage: CompletionUsage?
  /// When the first token came.
  var firstToken: ContinuousClock.Instant?

  init(
    _ id: GenerationID, _ call: CompletionCall, _ request: GenerationRequest, _ leash: StreamLeash,
    _ stream: EventStream, _ tokenizer: any Tokenizer
  ) {
    (self.id, self.call, self.request, self.leash, self.stream) = (id, call, request, leash, stream)
    rule = StopRule(request, tokenizer: tokenizer)
  }

  /// Whether a token has been returned to the caller.
  var hasSampled: Bool { returned > 0 }

  /// Closes the connection: the server stops decoding.
  func close() { stream.cancel() }
}

/// Closes a stream when the caller has left its loop: a generation that nobody reads must cost the server nothing.
final class StreamLeash: Sendable {
  private let stream = Mutex<EventStream?>(nil)

  deinit { stream.withLock { $0?.cancel() } }

  /// The stream to close.
  func hold(_ stream: EventStream) { self.stream.withLock { $0 = stream } }

  /// Leaves the stream open.
  func release() { stream.withLock { $0 = nil } }
}
