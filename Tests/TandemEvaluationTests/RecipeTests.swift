import Foundation
import Tandem
import TandemSetup
import Testing

@testable import TandemEvaluation

@Suite struct `A recipe` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../recipes").standardizedFileURL

  private static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  private func draft(_ file: String) throws -> PlanDraft {
    try PlanDraft(file: Self.folder.appending(path: file).path)
  }

  @Test func `is there for each paper, and for the built-in pair`() throws {
    let papers = try Self.files.map { try draft($0).paper }
    #expect(Set(papers.compactMap(\.self)) == Set(Paper.all.map(\.name)))
    #expect(Self.files.contains { $0.hasPrefix("nano-") })
  }

  @Test(arguments: files) func `can be run dry, without a model, a server or a file`(_ file: String) throws {
    let draft = try draft(file)
    let stated = try #require(draft.estimate)
    let plan = try draft.outline()
    try plan.validate()
    let paper = try draft.paper.map { try Paper.named($0) }
    let rates = Role.allCases.reduce(into: [Role: Double]()) { $0[$1] = stated.rates[$1] }
    let estimate = try PlanEstimate(
      plan, problems: plan.tasks.map { try $0.statedProblems }, rates: rates, paper: paper)
    #expect(estimate.rows.count == plan.tasks.count * plan.rows.count && estimate.seconds > 0)
    // No server tells the logit that TS divides.
    for name in [plan.conditions.small, plan.conditions.large].compactMap(\.self) where !file.hasPrefix("ts-") {
      #expect(name.hasPrefix("http://127.0.0.1:"))
    }
    let (conditions, budget) = (plan.conditions, plan.conditions.budget)
    #expect(budget.thinkingTokens + budget.answerTokens < conditions.contextSize)
  }

  /// Else `tandem report --paper` would leave its columns empty.
  @Test(arguments: files) func `has a row of the paper in every task, and says what was never run`(_ file: String)
    throws
  {
    let draft = try draft(file)
    guard let name = draft.paper else { return }
    let (plan, paper) = (try draft.outline(), try Paper.named(name))
    for task in plan.tasks {
      #expect(plan.rows.contains { paper.figure(task.title, $0.label) != nil }, "\(task.title)")
    }
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    #expect(text.contains("\n# Nobody has run this file on real weights yet."))
    #expect(text.contains("tandem report --paper \(name) "))
  }
}
