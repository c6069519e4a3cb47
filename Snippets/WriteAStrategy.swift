// Write a strategy: the two models take turns, thought by thought.

import Tandem
import TandemInference
import TandemLlama
import TandemModels

struct Alternating: Strategy {
  static let name = "alternating"
  static let about = StrategyDescription(summary: "Small and large take turns.", tested: "not at all")
  static let settings: [SettingSpec<Self>] = [
    .init("first", \.first, "who begins"),
    .init("thoughtTokens", \.thoughtTokens, "most tokens of a thought", .range(1...Budget.mostTokens)),
  ]
  static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  var first = Role.small
  var thoughtTokens = 100

  func reason(in run: inout ReasoningRun) async throws {
    var writer = first
    while run.canThink {
      try run.accept(try await run.write(writer, upTo: .boundary(atMost: thoughtTokens)))
      writer = writer.other
      run.handOver(to: writer, because: "its turn")
    }
    try await run.conclude(by: .large)
  }
}

let store = ModelStore()
let parameters = LlamaParameters(contextSize: 512, sequences: 1)
let small = try await LlamaEngine.load(store.url(of: .catalogue("nano-small")).path, parameters)
let large = try await LlamaEngine.load(store.url(of: .catalogue("nano-large")).path, parameters)
let solver = Solver(
  small: Participant(small), large: Participant(large), budget: Budget(thinkingTokens: 400, answerTokens: 40))

let strategy = try Alternating().changing(["thoughtTokens": .integer(40)])
let session = ReasoningSession(solver, strategy: strategy)
let response = try await session.respond(to: "Use 10, 7, 5, 2 to make 24.", options: .init(seed: 1))
print(response.reasoning, response.content, separator: "\n")
print("The large model wrote", response.outcome.usage.large.sampled, "tokens.")
