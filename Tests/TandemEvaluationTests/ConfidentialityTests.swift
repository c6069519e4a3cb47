import Foundation
import Tandem
import TandemTasks
import TandemTesting
import Testing

@testable import TandemEvaluation

@Suite struct `A task whose questions must stay off the net` {
  @Test func `leaves nothing of them in its run`() async throws {
    var laboratory = try Laboratory(
      small: ScriptedModel(
        scripts: [
          "Xylophone": ["Is Xylophone one?</think>\n\nXylophone: (A)<|im_end|>"],
          "Yesterday": ["Is Yesterday one?</think>\n\nNo option of Yesterday fits.<|im_end|>"],
        ]))
    defer { laboratory.remove() }
    let file = laboratory.folder.appending(path: "gpqa.csv")
    try """
    Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3
    Xylophone?,Xylophone right,Xylophone wrong,Xylophone worse,Xylophone worst
    Yesterday?,Yesterday right,Yesterday wrong,Yesterday worse,Yesterday worst
    """.write(to: file, atomically: true, encoding: .utf8)
    laboratory.plan.tasks = [
      .init(name: "gpqa-diamond", path: file.path, prompt: .choice, extraction: .letter)
    ]
    try await laboratory.evaluate()
    let records = try laboratory.run.records()
    #expect(records.allSatisfy { $0.trace == nil })
    #expect(Set(records.map(\.answer)) == ["A", nil])
    let files = FileManager.default.enumerator(at: laboratory.run.url, includingPropertiesForKeys: nil)
    for case let file as URL in try #require(files) {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      #expect(!text.contains("Xylophone") && !text.contains("Yesterday"), "\(file.path)")
    }
  }
}
