import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemRemote

/// What is done before it is asked for changes nothing that is written.
@Suite("Work ahead", .timeLimit(.minutes(20)))
struct AheadTests {
  /// Statements with a reflection after every third: the large model takes over there.
  private static let text =
    String(repeating: "So 3 + 4 = 7.\n\nThen 7 + 5 = 12.\n\nWait, is it so?\n\n", count: 5)
    + "</think>The answer is 12.<|im_end|>"

  private struct Counted: Equatable {
    var events: [String]
    var answer: String?
    var small, large: Int
  }

  private func solve(_ kind: SimulatedServer.Kind, _ options: RemoteOptions) async throws -> Counted {
    let served = SimulatedServer.reciting(Self.text, kind, window: 1000)
    var options = options
    options.secondsAhead = 60  // the machine may be busy
    let (small, large) = (try await served.connect(options), try await served.connect(options))
    let (smallBefore, largeBefore) = (small.server.completions().count, large.server.completions().count)
    let solver = Solver(
      small: Participant(small.model, sampling: .greedy), large: Participant(large.model, sampling: .greedy),
      budget: Budget(thinkingTokens: 160, answerTokens: 30))
    var strategy = SpeculativeThinking()
    strategy.statements = .keep
    strategy.segmentTokens = 60
    let decisions = Decisions()
    let outcome = try await solver.solve(problem, with: strategy) { decisions.take($0.event) }
    return Counted(
      events: decisions.events, answer: outcome.answer,
      small: small.server.completions().count - smallBefore, large: large.server.completions().count - largeBefore)
  }

  private func inProcess() async throws -> [String] {
    let model = SimulatedServer.reciting(Self.text, .vllm, window: 1000).model
    let solver = Solver(
      small: Participant(model, sampling: .greedy), large: Participant(model, sampling: .greedy),
      budget: Budget(thinkingTokens: 160, answerTokens: 30))
    var strategy = SpeculativeThinking()
    strategy.statements = .keep
    strategy.segmentTokens = 60
    let decisions = Decisions()
    _ = try await solver.solve(problem, with: strategy) { decisions.take($0.event) }
    return decisions.events
  }

  private let problem = Problem(question: "What is 3 + 4 + 5?")

  /// What became part of the chain, and what did not.
  private final class Decisions: Sendable {
    private let state = Mutex<[String]>([])
    var events: [String] { state.withLock { $0 } }

    func take(_ event: Event) {
      let line: String? =
        switch event {
        case .accepted(let thought): "accepted \(thought.author) \(thought.ending) \(thought.text)"
        case .rejected(let thought, _): "rejected \(thought.author) \(thought.ending) \(thought.text)"
        case .handedOver(to: let role, let reason): "\(role) because of \(reason)"
        default: nil
        }
      if let line { state.withLock { $0.append(line) } }
    }
  }

  @Test(arguments: SimulatedServer.Kind.allCases)
  func `an open stream saves calls, and changes no token`(kind: SimulatedServer.Kind) async throws {
    let without = try await solve(kind, RemoteOptions())
    let with = try await solve(kind, RemoteOptions(looksAhead: true))
    #expect(with.events == without.events)
    #expect(with.events.count > 10)
    #expect(with.answer == without.answer)
    #expect(with.large == without.large)
    // One request between two hand-overs, instead of one a thought and one a probe.
    #expect(with.small * 3 < without.small * 2, "\(with.small), and \(without.small) without")
  }

  @Test func `reading ahead changes no token`() async throws {
    let without = try await solve(.vllm, RemoteOptions())
    let with = try await solve(.vllm, RemoteOptions(warmsUp: true))
    #expect(with.events == without.events)
    #expect(with.answer == without.answer)
    #expect(with.large > without.large)
  }

  @Test func `both together write what the engine in this process writes`() async throws {
    let with = try await solve(.llamaServer, RemoteOptions(looksAhead: true, warmsUp: true))
    #expect(with.events == (try await inProcess()))
  }

  @Test func `an open stream is not taken by a request that it does not fit`() async throws {
    let served = SimulatedServer.reciting(Self.text, .vllm, window: 1000)
    let (server, model) = try await served.connect(RemoteOptions(looksAhead: true))
    let before = server.completions().count
    let session = try await model.makeSession()
    let tokens = try served.tokenizer.encode("So", control: .asText)
    func request(after tokens: [Token]?, _ limit: Int = 5) -> GenerationRequest {
      GenerationRequest(after: tokens, sampling: .greedy, stops: [.text("\n\n")], limit: limit)
    }
    let first = try await session.sample(request(after: tokens, 100))
    // The same tokens again: the stream is beyond them.
    let again = try await session.sample(request(after: tokens, 100))
    #expect(first.map(\.token) == again.map(\.token))
    #expect(server.completions(after: before).count == 2)
    // What follows, drawn in another way.
    var warm = request(after: nil)
    warm.sampling = SamplingParameters(temperature: 1)
    _ = try await session.sample(warm)
    #expect(server.completions(after: before).count == 3)
  }
}
