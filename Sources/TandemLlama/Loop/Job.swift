import TandemInference

/// What a session asks of the decode loop, and where the answer goes.
struct Job: Sendable {
  typealias Reply<Value> = CheckedContinuation<Value, any Error>

  let ticket: SlotTicket
  let cancellation: CancellationFlag
  let request: Request

  enum Request: Sendable {
    case tokens(Reply<[Token]>)
    case counters(Reply<EngineCounters>)
    case extend([Token], Reply<Int>)
    case generate(GenerationRequest, Generation.Continuation)
    case logits(Reply<[Float]>)
    /// Whether the session holds the tokens afterwards.
    case score([Token], keeps: Bool, Reply<[Float]>)
    case embedding(Reply<[Float]>)
    case fork(Reply<SlotTicket>)
    /// Evaluate these if nothing else is asked for; no one waits for it.
    case readAhead([Token])
    case save(Reply<(tokens: [Token], bytes: [UInt8])>)
    case restore([Token], [UInt8], Reply<Void>)
    case close(Reply<Void>?)
    /// A proposer's answer to the work that arrived with this number; a session never asks for it.
    case drafts([Token], arrival: Int)
    case draftsFailed(any Error, arrival: Int)
  }

  /// Ends the job with `error`; a stream of tokens and a reply end alike.
  func fail(_ error: any Error) {
    switch request {
    case .tokens(let reply): reply.resume(throwing: error)
    case .counters(let reply): reply.resume(throwing: error)
    case .extend(_, let reply): reply.resume(throwing: error)
    case .generate(_, let stream): stream.finish(throwing: error)
    case .logits(let reply), .score(_, _, let reply), .embedding(let reply): reply.resume(throwing: error)
    case .fork(let reply): reply.resume(throwing: error)
    case .save(let reply): reply.resume(throwing: error)
    case .restore(_, _, let reply): reply.resume(throwing: error)
    case .close(let reply): reply?.resume()  // closing what is closed already is no failure
    case .drafts, .draftsFailed, .readAhead: break  // no caller waits for them
    }
  }
}
