import Synchronization
import TandemInference

/// What a session asks of the decode loop, and how it hears back.
struct Job: Sendable {
  typealias Reply<Value> = CheckedContinuation<Value, any Error>

  let place: Place
  let cancellation: CancellationFlag
  let request: Request

  enum Request: Sendable {
    case tokens(Reply<[Token]>)
    case counters(Reply<EngineCounters>)
    case extend([Token], Reply<Int>)
    case generate(GenerationRequest, Generation.Continuation)
    case logits(Reply<[Float]>)
    case score([Token], Reply<[Float]>)
    case embedding(Reply<[Float]>)
    case fork(Reply<Place>)
    case save(Reply<(tokens: [Token], bytes: [UInt8])>)
    case restore([Token], [UInt8], Reply<Void>)
    case close(Reply<Void>?)
    /// What a proposer has answered to the work with this ticket; a session never asks for it.
    case guesses([Token], ticket: Int)
    case noGuesses(any Error, ticket: Int)
  }

  /// Ends the job with `error`; a stream of tokens and a reply end alike.
  func fail(_ error: any Error) {
    switch request {
    case .tokens(let reply): reply.resume(throwing: error)
    case .counters(let reply): reply.resume(throwing: error)
    case .extend(_, let reply): reply.resume(throwing: error)
    case .generate(_, let stream): stream.finish(throwing: error)
    case .logits(let reply), .score(_, let reply), .embedding(let reply): reply.resume(throwing: error)
    case .fork(let reply): reply.resume(throwing: error)
    case .save(let reply): reply.resume(throwing: error)
    case .restore(_, _, let reply): reply.resume(throwing: error)
    case .close(let reply): reply?.resume()  // closing what is closed already is no failure
    case .guesses, .noGuesses: break  // nobody waits for them any more
    }
  }
}

/// A session's place in the engine: a slot, and for the how many-eth session that slot is used. A session that was
/// closed twice must not close the next one in its slot.
struct Place: Sendable, Hashable {
  let slot: Int
  let tenancy: Int
}

/// A caller that waits for a free slot.
struct Opening: Sendable {
  let adapter: Adapter?
  let cancellation: CancellationFlag
  let reply: Job.Reply<Place>
}

/// Raised by a task that no longer wants its result; read by the decode loop.
final class CancellationFlag: Sendable {
  private let raised = Atomic<Bool>(false)

  var isRaised: Bool { raised.load(ordering: .relaxed) }
  func raise() { raised.store(true, ordering: .relaxed) }
}
