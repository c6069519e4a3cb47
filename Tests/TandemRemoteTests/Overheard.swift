import Synchronization
import Tandem
import TandemInference

/// A model, and everything that it writes.
struct Overheard: LanguageModel {
  let base: any LanguageModel
  let log = WritingLog()

  var name: String { base.name }
  var capabilities: EngineCapabilities { base.capabilities }
  var tokenizer: any Tokenizer { base.tokenizer }
  var template: any ChatTemplate { base.template }
  var contextSize: Int { base.contextSize }
  var counters: EngineCounters { base.counters }

  func makeSession(adapter: Adapter?) async throws -> OverheardSession {
    OverheardSession(base: try await base.makeSession(adapter: adapter), log: log)
  }
}

/// What one generation wrote, and after what.
struct Writing: Sendable {
  let context: [Token]
  let request: GenerationRequest
  var tokens: [Token] = []
}

final class WritingLog: Sendable {
  private let writings = Mutex<[Writing]>([])

  var all: [Writing] { writings.withLock { $0 } }

  func add(_ writing: Writing) { writings.withLock { $0.append(writing) } }
}

struct OverheardSession: Session {
  let base: any Session
  let log: WritingLog

  var tokens: [Token] { get async { await base.tokens } }
  var counters: EngineCounters { get async { await base.counters } }

  @discardableResult func extend(to tokens: [Token]) async throws -> Int { try await base.extend(to: tokens) }

  func generate(_ request: GenerationRequest) -> Generation {
    let reader = Reader(base, request, log)
    return Generation(unfolding: { try await reader.next() })
  }

  func fork() async throws -> Self { Self(base: try await base.fork(), log: log) }
  func interface<Interface>(_ type: Interface.Type) -> Interface? { base.interface(type) }
  func close() async { await base.close() }

  /// Reads one token at a time, and no further than it is asked to.
  private final class Reader: @unchecked Sendable {
    // Sendable although it holds an iterator: a generation has one reader.
    private var iterator: Generation.Iterator
    private let session: any Session
    private let log: WritingLog
    private var writing: Writing?
    private let request: GenerationRequest

    init(_ session: any Session, _ request: GenerationRequest, _ log: WritingLog) {
      (self.session, self.request, self.log) = (session, request, log)
      iterator = session.generate(request).makeAsyncIterator()
    }

    func next() async throws -> SampledToken? {
      if writing == nil {
        let context = if let prefix = request.prefix { prefix } else { await session.tokens }
        writing = Writing(context: context, request: request)
      }
      var own = iterator
      let token = try await own.next()
      iterator = own
      if let token { writing?.tokens.append(token.token) }
      if token?.stop != nil, let writing { log.add(writing) }
      return token
    }
  }
}
