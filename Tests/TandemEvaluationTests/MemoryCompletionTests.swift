import Foundation
import TandemTasks
import TandemTesting
import Testing

@testable import TandemEvaluation

@Suite struct `Math-RoB's Memory Completion Rate` {
  /// Of two problems one is answered as if all of it were there; of the other the model says that something is missing.
  private func report(perturbation: Perturbation?) async throws -> Report {
    let small = ScriptedModel(
      scripts: [
        "He buys": ["so</think>\n\n\\boxed{7}<|im_end|>"],
        "She buys": ["so</think>\n\nThat cannot be determined.<|im_end|>"],
      ])
    var laboratory = try Laboratory(
      problems: [
        ("Tom has 3 eggs. He buys 4 more. How many has he?", "7"),
        ("Ann has 2 pens. She buys 3 more. How many has she?", "5"),
      ], parallel: 1, small: small)
    defer { laboratory.remove() }
    laboratory.plan.tasks[0].perturbation = perturbation
    try await laboratory.evaluate()
    let run = ReportedRun(name: "run", header: try laboratory.header, records: try laboratory.run.records())
    return try Report([run])
  }

  @Test func `is a column where a number was left out of the questions`() async throws {
    let report = try await report(perturbation: .missingData)
    #expect(report.tasks[0].rows[0].memoryCompletionRate == 0.5)
    let table = report.tasks[0].tables[0]
    let column = try #require(table.header.firstIndex(of: "completed from memory"))
    #expect(table.rows[0][column] == "50.0 %")
    #expect(report.markdown.contains("completed from memory"))
    #expect(report.html.contains("completed from memory"))
    #expect(String(decoding: try JSONEncoder().encode(report), as: UTF8.self).contains("memoryCompletionRate"))
  }

  @Test func `is nowhere else`() async throws {
    let report = try await report(perturbation: nil)
    #expect(report.tasks[0].rows[0].memoryCompletionRate == nil)
    #expect(!report.markdown.contains("completed from memory"))
  }
}
