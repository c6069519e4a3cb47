import Tandem
import TandemInference
import TandemLlama
import TandemRemote
import TandemTesting
import Testing

@Suite("A real llama-server", .enabled(if: LlamaServer.isThere, LlamaServer.reason), .serialized)
struct LlamaServerTests {
  @Test func `keeps the laws of a session`() async throws {
    let server = try LlamaServer("nano-small")
    let model = try await server.connect()
    let tokens = try model.tokenizer.encode("Use 3, 7, 5, 2 to make 24.", control: .asText)
    let broken = try await checkSession(of: model, tokens: tokens, tolerance: 0.02)
    #expect(broken == [], "\(broken.joined(separator: "\n"))")
  }

  @Test func `is found out by its effects`() async throws {
    let server = try LlamaServer("nano-large")
    let report = try await server.connect().report
    #expect(report.dialect == "llama-server")
    #expect(report.contextSize == 512)
    #expect(report.vocabulary == .confirmed)
    #expect(report.capabilities == [.tokens, .fork, .bias, .score, .alternatives])
    #expect(report.template == .confirmed)
    #expect(report.missing == ["adapters: it was started without any"])
    #expect(report.slots == 4 && report.facts.contains("vocabulary 512"))
  }

  @Test func `writes what the engine in this process writes`() async throws {
    let (small, large) = (try LlamaServer("nano-small"), try LlamaServer("nano-large"))
    let remote = Solver(
      small: Participant(try await small.connect(), sampling: .greedy),
      large: Participant(try await large.connect(), sampling: .greedy),
      budget: Budget(thinkingTokens: 350, answerTokens: 48))
    let parameters = LlamaParameters(contextSize: 512, sequences: 1, isDeterministic: true)
    let local = Solver(
      small: Participant(try await LlamaEngine.load(LlamaServer.nano("nano-small"), parameters), sampling: .greedy),
      large: Participant(try await LlamaEngine.load(LlamaServer.nano("nano-large"), parameters), sampling: .greedy),
      budget: remote.budget)
    var same = 0
    let problems = ["Use 9, 2, 4, 12 to make 29.", "Use 3, 7, 5, 2 to make 24.", "Use 10, 7, 5, 2 to make 24."]
    for question in problems {
      let problem = Problem(question: question)
      let here = try await local.solve(problem, with: SpeculativeThinking())
      let there = try await remote.solve(problem, with: SpeculativeThinking())
      same += here.answer == there.answer && here.usage.large.thinking == there.usage.large.thinking ? 1 : 0
      #expect(there.usage.small.seconds > 0)
    }
    // Near-ties may be decided otherwise.
    #expect(same >= 2)
  }
}
