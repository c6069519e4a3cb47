// Solve one problem with the built-in nano pair, and watch who writes.

import Tandem
import TandemInference
import TandemLlama
import TandemModels

let store = ModelStore()
let parameters = LlamaParameters(contextSize: 512, sequences: 1)
let small = try await LlamaEngine.load(store.url(of: .catalogue("nano-small")).path, parameters)
let large = try await LlamaEngine.load(store.url(of: .catalogue("nano-large")).path, parameters)

var strategy = SpeculativeThinking()
strategy.takeoverUnit = .thought
strategy.scope = .thinking

let solver = Solver(
  small: Participant(small), large: Participant(large), budget: Budget(thinkingTokens: 400, answerTokens: 40))
let problem = Problem(question: "Use 10, 7, 5, 2 to make 24.")

for try await event in solver.events(for: problem, with: strategy, seed: 2) {
  switch event.event {
  case .accepted(let thought): print(thought.author.rawValue, thought.text, terminator: "")
  case .handedOver(let role, let reason): print("→ \(role.rawValue): \(reason)")
  case .finished(let outcome): print("\n\(outcome.finish): \(outcome.answer ?? "no answer")")
  default: break
  }
}
