import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemEvaluation

@Suite struct `An objection to a right answer` {
  @Test func `puts the question again, and tells whether the model stands by it`() async throws {
    let small = ScriptedModel(
      scripts: [
        "1 + 1": ["so</think>\n\n\\boxed{2}<|im_end|>", "sure</think>\n\n\\boxed{2}<|im_end|>"],
        "2 + 2": ["so</think>\n\n\\boxed{4}<|im_end|>", "oh</think>\n\n\\boxed{5}<|im_end|>"],
        "3 + 3": ["so</think>\n\n\\boxed{5}<|im_end|>"],
      ])
    var laboratory = try Laboratory(problems: Array([(String, String)].sums.prefix(3)), parallel: 1, small: small)
    defer { laboratory.remove() }
    laboratory.plan.tasks[0].objection = true
    try await laboratory.evaluate()
    let records = try laboratory.run.records().sorted { $0.problem < $1.problem }
    #expect(records.map(\.grade) == [.correct, .correct, .wrong])
    #expect(records.map { $0.objection?.grade } == [.correct, .wrong, nil])
    let report = try #require(ObjectionReport(records))
    #expect(report.objections == 2 && report.kept == 1 && report.flipRate == 0.5)
    #expect(report.accuracyAfter == 1.0 / 3)
  }

  @Test func `is made by nobody who was not asked to`() async throws {
    let laboratory = try Laboratory()
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let records = try laboratory.run.records()
    #expect(records.contains { $0.grade == .correct } && records.allSatisfy { $0.objection == nil })
  }
}
