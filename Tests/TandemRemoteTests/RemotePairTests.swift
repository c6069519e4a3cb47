import Foundation
import Synchronization
import Tandem
import TandemInference
import TandemLlama
import TandemRemote
import Testing

/// A pair of which one model or both are run by a real llama-server, held to the engine in this process.
@Suite("A pair with a model on a real llama-server", .enabled(if: LlamaServer.isThere, LlamaServer.reason), .serialized)
struct RemotePairTests {
  enum Place: String, CaseIterable, Sendable {
    case both = "remote/remote"
    case large = "local/remote"
    case small = "remote/local"
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let strategy: String
    let place: Place
    var testDescription: String { "\(strategy), \(place.rawValue)" }
  }

  /// Every strategy in every place if TANDEM_REMOTE_ALL is set; otherwise each way of asking a server once.
  static let cases: [Case] = {
    guard ProcessInfo.processInfo.environment["TANDEM_REMOTE_ALL"] == nil else {
      return Strategies.all.flatMap { type in Place.allCases.map { Case(strategy: type.name, place: $0) } }
    }
    return [
      Case(strategy: "speculative-thinking", place: .large), Case(strategy: "speculative-thinking", place: .small),
      Case(strategy: "spec-reason", place: .both), Case(strategy: "entropy-switching", place: .both),
      Case(strategy: "temperature-scaling", place: .both), Case(strategy: "speculative-cot", place: .large),
    ]
  }()

  /// Settings with which a short run of the nano pair shows what a strategy does.
  static let settings: [String: [String: Setting]] = [
    "speculative-cot": ["drafts": .integer(2), "draftTokens": .integer(40)],
    "spec-reason": ["threshold": .integer(4)],
    "entropy-switching": ["threshold": .number(0.1)],
    "co-think": ["planTokens": .integer(20)],
    "entropy-stop": ["paragraphCharacters": .integer(40), "candidates": .integer(2)],
    "early-exit": ["words": .list([.text("So"), .text("Wait")])],
    "fractured-sampling": ["branches": .integer(2), "answers": .integer(2)],
    "length-filtered-vote": ["samples": .integer(4)],
    "no-thinking": ["samples": .integer(2)],
    "adaptive-thinking": ["samples": .integer(2)],
    "vote": ["samples": .integer(2)],
    "temperature-scaling": ["measure": .text("log-odds"), "stopTemperature": .number(0.5)],
  ]

  @Test(arguments: cases)
  func `writes what the engine in this process would write`(_ run: Case) async throws {
    let strategy = try Strategies.make(run.strategy, settings: Self.settings[run.strategy] ?? [:])
    // All tokens of this vocabulary, so that each entropy is known.
    let options = RemoteOptions(reportedTokens: 512)
    let small = Overheard(base: try await Self.nano("nano-small", run.place != .large, options))
    let large = Overheard(base: try await Self.nano("nano-large", run.place != .small, options))
    let solver = Solver(
      small: Participant(small, sampling: .greedy), large: Participant(large, sampling: .greedy),
      budget: Budget(thinkingTokens: 120, answerTokens: 40))
    let outcome = try await solver.solve(Problem(question: "Use 9, 2, 4, 12 to make 29."), with: strategy)
    #expect(outcome.finish == .stop || outcome.finish == .budget || outcome.finish == .length)
    var checked = 0
    for (log, name) in [(small.log, "nano-small"), (large.log, "nano-large")] {
      let engine = try await Self.nano(name, false, options)
      checked += try await Self.check(log.all.filter { $0.request.sampling.temperature == 0 }, with: engine)
    }
    #expect(checked > 0 || strategy.needs.isEmpty)
    for role in Role.allCases where strategy.needs[role] != nil {
      let isRemote = run.place == .both || run.place == (role == .small ? .small : .large)
      #expect((outcome.usage[role].server?.calls ?? 0 > 0) == (isRemote && outcome.usage[role].sampled > 0))
    }
  }

  @Test func `stops with an error if the reported tokens do not tell on which side an entropy is`() async throws {
    let strategy = try Strategies.make("entropy-switching", settings: ["threshold": .number(0.2)])
    let options = RemoteOptions(reportedTokens: 2)
    let solver = Solver(
      small: Participant(try await Self.nano("nano-small", true, options)),
      large: Participant(try await Self.nano("nano-large", true, options)),
      budget: Budget(thinkingTokens: 200, answerTokens: 40))
    let error = await #expect(throws: EngineError.self) {
      try await solver.solve(Problem(question: "Use 9, 2, 4, 12 to make 29."), with: strategy)
    }
    #expect(error?.code == "inexact")
  }

  @Test func `is refused before any work for a strategy that needs what the server lacks`() async throws {
    let model = try await Self.nano("nano-small", true, RemoteOptions())
    let solver = Solver(small: Participant(model))
    let error = #expect(throws: ReasoningError.self) { try solver.check(TemperatureScaling()) }
    #expect(error == .missing(requirement: "scaling", strategy: "temperature-scaling", model: model.name))
    var logOdds = TemperatureScaling()
    logOdds.measure = .logOdds
    try solver.check(logOdds)
    let adapted = Solver(
      small: Participant(model, adapter: Adapter(controlVectorFiles: [.init(path: "vector.gguf")])))
    #expect(throws: ReasoningError.self) { try adapted.check(SmallOnly()) }
    #expect(model.counters == EngineCounters())
  }

  // MARK: - The models

  private static func nano(_ name: String, _ isRemote: Bool, _ options: RemoteOptions) async throws -> any LanguageModel
  {
    if isRemote { return try await Servers.shared.server(name).connect(options) }
    let parameters = LlamaParameters(contextSize: 512, sequences: 4, isDeterministic: true)
    return try await LlamaEngine.load(LlamaServer.nano(name), parameters)
  }

  /// How many tokens were drawn; each must be the likeliest, or so near to it that the last bits decide.
  private static func check(_ writings: [Writing], with engine: any LanguageModel) async throws -> Int {
    let session = try await engine.makeSession()
    let logits = try session.require((any LogitSession).self, .logits, of: engine)
    var count = 0
    for writing in writings {
      var context = writing.context
      for token in writing.tokens {
        try await session.extend(to: context)
        var row = try await logits.logits()
        for processor in writing.request.processors {
          var span = row.mutableSpan
          processor.process(&span, after: context)
        }
        let margin = (row.max() ?? 0) - row[Int(token.rawValue)]
        #expect(margin < 0.02, "\(token) after \(context)")
        context.append(token)
        count += 1
      }
    }
    await session.close()
    return count
  }
}
