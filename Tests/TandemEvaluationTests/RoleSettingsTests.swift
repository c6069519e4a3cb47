import Tandem
import TandemInference
import TandemSetup
import TandemTasks
import TandemTesting
import Testing

@testable import TandemEvaluation

@Suite struct `A row that uses a model in its own way` {
  @Test func `changes that row alone`() async throws {
    let rows = [
      Plan.Row(label: "as it is", strategy: "small-only"),
      Plan.Row(
        label: "hasty", strategy: "small-only", small: RoleSettings(stopTemperature: 0.001, stopMeasure: .logOdds)),
    ]
    let laboratory = try Laboratory(rows: rows)
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let records = try laboratory.run.records()
    func tokens(_ label: String) -> [Int] { records.filter { $0.row == label }.map(\.thinkingTokens) }
    #expect(!tokens("hasty").isEmpty && tokens("hasty").allSatisfy { $0 <= 2 })
    #expect(tokens("as it is").contains { $0 > 4 })
  }

  @Test(arguments: RoleSettings.Draft.allCases)
  func `writes the same with a large model whose tokens are guessed`(draft: RoleSettings.Draft) async throws {
    let (small, large) = (FunctionModel.guesser("small"), FunctionModel.guesser("large"))
    let solver = Solver(small: Participant(small), large: Participant(large))
    let guessed = try solver.with(small: nil, large: RoleSettings(draft: draft, draftMax: 3))
    var accepted = 0
    for seed in 0..<8 as Range<UInt64> {
      func solve(_ solver: Solver) async throws -> Outcome {
        try await solver.solve(Problem(question: "Use 1, 2 to make 3."), with: LargeOnly(), seed: seed) { _ in }
      }
      let (alone, together) = (try await solve(solver), try await solve(guessed))
      #expect(together.answer == alone.answer)
      #expect(together.usage.large.sampled == alone.usage.large.sampled)
      accepted += together.usage.large.proposals.accepted.reduce(0, +)
    }
    #expect(accepted > 0)
    #expect((small.counters.sampled > 0) == draft.needsSmall)
    // A cascade's small model guesses its own tokens from the text, as long as that saves time.
    #expect(draft == .cascade || small.counters.proposals.proposed.isEmpty)
  }

  @Test func `names a guesser that there is not`() {
    for draft in [RoleSettings.Draft.small, .cascade] {
      #expect(
        throws: EngineError.invalidParameter(
          name: "draft", reason: "\(draft.rawValue) is for the large model of a pair that has a small one")
      ) { try Participant(FunctionModel.guesser("small")).with(RoleSettings(draft: draft)) }
    }
  }

  @Test func `puts adapters on, each with its scale`() throws {
    let participant = try Participant(FunctionModel.guesser("small"))
      .with(RoleSettings(lora: "a.gguf", loraScale: 0.5, selector: "b.gguf"))
    #expect(participant.adapter == Adapter(lora: [.init(path: "a.gguf", scale: 0.5)]))
    #expect(participant.selector == Adapter(lora: [.init(path: "b.gguf")]))
    #expect(participant.thinkingAdapter == nil)
    #expect(try Participant(FunctionModel.guesser("small")).with(nil).adapter == nil)
  }

  @Test func `puts a control vector on for the thinking, beside its adapter`() throws {
    let participant = try Participant(FunctionModel.guesser("small"))
      .with(RoleSettings(lora: "a.gguf", controlVector: "c.gguf", controlVectorScale: -0.5))
    let lora = Adapter(lora: [.init(path: "a.gguf")])
    #expect(participant.adapter == lora)
    #expect(
      participant.thinkingAdapter
        == Adapter(lora: lora.lora, controlVectorFiles: [.init(path: "c.gguf", scale: -0.5)]))
    let plain = try Participant(FunctionModel.guesser("small")).with(RoleSettings(controlVector: "c.gguf"))
    #expect(plain.adapter == nil)
    #expect(plain.thinkingAdapter == Adapter(controlVectorFiles: [.init(path: "c.gguf", scale: 1)]))
  }
}
