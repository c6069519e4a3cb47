import Tandem
import TandemInference
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
    #expect(tokens("hasty").allSatisfy { $0 <= 2 })
    #expect(tokens("as it is").contains { $0 > 4 })
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
