import Synchronization
import TandemInference
import TandemLlama

/// A small model that costs what it costs and is right as often as it is told to be: its tokens are replaced by those of
/// a text that the large model has written.
///
/// What it had drawn itself is not what it is asked to continue, so it reads each token that was replaced, which a real
/// draft model need not. Its costs are a little too high.
struct OracleDraft: LanguageModel {
  let inner: LlamaEngine
  let written: [Token]
  let chance: Double

  init(_ inner: LlamaEngine, written: [Token], chance: Double) {
    (self.inner, self.written, self.chance) = (inner, written, chance)
  }

  var name: String { inner.name }
  var capabilities: EngineCapabilities { inner.capabilities }
  var tokenizer: any Tokenizer { inner.tokenizer }
  var template: any ChatTemplate { inner.template }
  var contextSize: Int { inner.contextSize }
  var counters: EngineCounters { inner.counters }

  func makeSession(adapter: Adapter?) async throws -> OracleSession {
    OracleSession(try await inner.makeSession(adapter: adapter), self)
  }
}

final class OracleSession: Session {
  private let inner: LlamaSession
  private let model: OracleDraft
  private let random = Mutex(SplitMix64(seed: 5))

  init(_ inner: LlamaSession, _ model: OracleDraft) { (self.inner, self.model) = (inner, model) }

  var tokens: [Token] { get async { await inner.tokens } }
  var counters: EngineCounters { get async { await inner.counters } }
  func extend(to tokens: [Token]) async throws -> Int { try await inner.extend(to: tokens) }
  func fork() async throws -> OracleSession { OracleSession(try await inner.fork(), model) }
  func close() async { await inner.close() }

  func generate(_ request: GenerationRequest) -> Generation {
    let start = request.prefix?.count ?? 0
    return Generation { stream in
      let task = Task {
        do {
          for (place, sampled) in try await inner.sample(request).enumerated() {
            stream.yield(replaced(sampled, at: start + place))
          }
          stream.finish()
        } catch { stream.finish(throwing: error) }
      }
      stream.onTermination = { _ in task.cancel() }
    }
  }

  private func replaced(_ sampled: SampledToken, at place: Int) -> SampledToken {
    let isRight = random.withLock { Double($0.next() >> 11) * 0x1p-53 } < model.chance
    guard model.written.indices.contains(place) else { return sampled }
    let right = model.written[place]
    let token = isRight ? right : Token(rawValue: right.rawValue == 17 ? 18 : 17)
    return SampledToken(
      token: token, logProbability: sampled.logProbability, entropy: sampled.entropy, stop: sampled.stop)
  }
}
