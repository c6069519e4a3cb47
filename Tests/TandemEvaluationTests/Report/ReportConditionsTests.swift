import Tandem
import TandemInference
import Testing

@testable import TandemEvaluation

@Suite struct `Runs that are compared` {
  private let first = ReportFixture.run("a", records: ReportFixture.records.filter { $0.row == "small" })
  private let others = ReportFixture.records.filter { $0.row != "small" }

  private func differences(_ header: RunHeader) -> [String] {
    let error = #expect(throws: ReportError.self) {
      try ReportFixture.report([first, ReportFixture.run("b", header, records: others)])
    }
    guard case .notComparable(let differences) = error else { return [] }
    return differences
  }

  @Test func `are brought together under equal conditions`() throws {
    let report = try ReportFixture.report([first, ReportFixture.run("b", records: others)])
    #expect(report.tasks[0].rows.map(\.label) == ["small", "large", "both"])
    #expect(report.tasks[0].rows.map(\.runs) == [["a"], ["b"], ["b"]])
  }

  @Test func `have equal sampling`() {
    let header = ReportFixture.header { $0.sampling = SamplingParameters(temperature: 1) }
    #expect(differences(header) == ["sums: sampling.temperature is 0.6 in a and 1 in b"])
  }

  @Test func `have equal limits`() {
    let header = ReportFixture.header { $0.budget.thinkingTokens = 800 }
    #expect(differences(header) == ["sums: budget.thinkingTokens is 400 in a and 800 in b"])
  }

  @Test func `have equal limits, where one has none too`() {
    let header = ReportFixture.header { $0.budget.seconds = 2 }
    #expect(differences(header) == ["sums: budget.seconds is not set in a and 2 in b"])
  }

  @Test func `have one prompt`() {
    #expect(differences(ReportFixture.header(prompt: .s1)) == ["sums: prompt is bare in a and s1 in b"])
  }

  @Test func `have one grader`() {
    let header = ReportFixture.header(program: "tandem 2")
    #expect(differences(header) == ["sums: grader is tandem 1 in a and tandem 2 in b"])
  }

  @Test func `have one set of problems`() {
    #expect(differences(ReportFixture.header(fingerprint: "f2")) == ["sums: problems is 3 (f1) in a and 3 (f2) in b"])
  }

  @Test func `have one model in a role, by its file and not by its path`() throws {
    var header = ReportFixture.header { $0.large = "elsewhere/l.gguf" }
    _ = try ReportFixture.report([first, ReportFixture.run("b", header, records: others)])
    header.large = .init(name: "L", fingerprint: "8")
    #expect(differences(header) == ["sums: large is L (7) in a and L (8) in b"])
  }

  @Test func `may lack a role that the other has`() throws {
    var header = ReportFixture.header { $0.small = nil }
    header.small = nil
    _ = try ReportFixture.report([first, ReportFixture.run("b", header, records: others)])
  }

  @Test func `have rows of equal settings where these have one label`() {
    var record = ReportFixture.records("small", "ccc", small: 5, large: 0, seeds: [3])[0]
    record.settings = ["chunk": .integer(4)]
    var (own, other) = (first.records, record)
    own[0].settings = ["chunk": .integer(8)]
    other.problem = "p9"
    let runs = [
      ReportFixture.run("a", records: own), ReportFixture.run("b", ReportFixture.header(seeds: [3]), records: [other]),
    ]
    let error = #expect(throws: ReportError.self) { try ReportFixture.report(runs) }
    #expect(error == .notComparable(differences: ["sums: row small.chunk is 8 in a and 4 in b"]))
  }

  @Test func `name every run on each side`() {
    let hot = ReportFixture.header { $0.threads = 2 }
    let runs = [first, ReportFixture.run("b", hot, records: [others[0]]), ReportFixture.run("c", records: [others[1]])]
    let error = #expect(throws: ReportError.self) { try ReportFixture.report(runs) }
    #expect(error == .notComparable(differences: ["sums: threads is 1 in a, c and 2 in b"]))
    #expect(error?.description.contains("allow differences") == true)
  }

  @Test func `may differ on tasks that only one has`() throws {
    let header = ReportFixture.header(task: "other") { $0.budget.thinkingTokens = 9 }
    let other = ReportFixture.records("small", "ccc", small: 5, large: 0, task: "other", seeds: [1])
    let report = try ReportFixture.report([first, ReportFixture.run("b", header, records: other)])
    #expect(report.tasks.map(\.name) == ["sums", "other", "all tasks"])
    #expect(report.tasks[2].rows[0].counts.done == 9)
    #expect(report.tasks[2].rows[0].counts.correct == 4)
    #expect(report.tasks[2].rows[0].problems == 6)
  }

  @Test func `do not have one job twice`() {
    let error = #expect(throws: ReportError.self) { try ReportFixture.report([first, ReportFixture.run("b")]) }
    #expect(error == .repeatedJob("sums p1, row small, seed 1", first: "a", second: "b"))
  }

  @Test func `are shown apart with what differs, where that is allowed`() throws {
    let hot = ReportFixture.run("b", ReportFixture.header { $0.sampling = .greedy })
    let report = try ReportFixture.report([first, hot], allowsDifferent: true)
    #expect(report.tasks[0].rows.map(\.label) == ["small (a)", "small (b)", "large (b)", "both (b)"])
    #expect(report.differences.contains("sums: sampling.temperature is 0.6 in a and 0 in b"))
    for text in [report.markdown, report.html] { #expect(text.contains("is 0.6 in a and 0 in b")) }
  }
}
