import Tandem
import Testing

@testable import TandemEvaluation

@Suite struct `A row of a report` {
  private func row(_ label: String, prices: PriceTable? = nil) throws -> RowReport {
    let report = try ReportFixture.report(prices: prices)
    return try #require(report.tasks[0].rows.first { $0.label == label })
  }

  @Test func `counts each ending apart`() throws {
    let counts = try row("small").counts
    #expect(
      counts
        == .init(
          jobs: 6, done: 6, correct: 1, wrong: 3, truncated: 1, unparsable: 0, failed: 1, rightAfterCut: 1))
    #expect(try row("large").counts.unparsable == 1)
  }

  @Test func `takes the share of correct among all that did not fail, cut ones included`() throws {
    let accuracy = try #require(try row("small").accuracy)
    #expect(accuracy.value == 1.0 / 5)
    #expect(accuracy.wilson == .wilson(successes: 1, trials: 5))
  }

  @Test func `has no accuracy where every job failed`() throws {
    let failed = ReportFixture.records("small", "fff fff", small: 1, large: 0)
    let report = try ReportFixture.report([ReportFixture.run(records: failed)])
    #expect(report.tasks[0].rows[0].accuracy == nil)
    #expect(report.tasks[0].rows[0].votes.isEmpty)
    #expect(report.html.contains("fail"))
  }

  @Test func `gives mean tokens by outcome and by author`() throws {
    let thinking = try row("both").thinking
    #expect(thinking.tokens.correct == 82)
    #expect(thinking.tokens.wrong == 92)
    #expect(thinking.tokens.truncated == 92)
    #expect(thinking.tokens.unparsable == nil)
    #expect(thinking.tokens.all == 87)
    #expect(thinking.small == 65)
    #expect(thinking.large == 20)
    #expect(thinking.inserted == 2)
    #expect(thinking.largeShare == 20.0 / 85)
    #expect(thinking.lengths == ["correct": [82, 82, 82], "wrong": [92, 92], "truncated": [92]])
  }

  @Test func `gives the large model's share by tenths`() throws {
    let shares = try row("both").thinking.largeShareByTenth
    #expect(shares.prefix(5).allSatisfy { $0 == 0 })
    #expect(shares.suffix(5).allSatisfy { abs(($0 ?? 0) - 4 / 10.5) < 1e-12 })
  }

  @Test func `shows the settings that are not the defaults, with few digits`() throws {
    let defaults = Strategies.settings(of: RandomTakeover())
    var records = ReportFixture.records("both", "ccc", small: 5, large: 5, seeds: [1])
    for index in records.indices {
      records[index].strategy = RandomTakeover.name
      records[index].settings = defaults.merging(["probability": .number(0.5557827683865972)]) { $1 }
    }
    let task = try ReportFixture.report([ReportFixture.run(records: records)]).tasks[0]
    #expect(task.rows[0].settings == records[0].settings)
    #expect(task.rows[0].changedSettings == ["probability": .number(0.5557827683865972)])
    #expect(task.tables.last?.rows[0].contains("probability=0.5558") == true)
  }

  @Test func `has no share of the large model in a tenth in which nothing was written`() throws {
    var record = ReportFixture.records[12]
    (record.authorship.large, record.authorship.small) = (Authorship().large, Authorship().small)
    (record.authorship.large[0], record.authorship.small[0], record.authorship.small[9]) = (3, 1, 2)
    let report = try ReportFixture.report([ReportFixture.run(records: [record])])
    let none = [Double?](repeating: nil, count: 8)
    #expect(report.tasks[0].rows[0].thinking.largeShareByTenth == [0.75] + none + [0])
  }

  @Test func `counts what the large model saved on the same jobs, its discarded tokens too`() throws {
    // large: 80 for each of four, 90 for each of two. both: 20 kept and 4 discarded.
    #expect(try row("both").thinking.largeSaved == 1 - 24.0 * 6 / 500)
    #expect(try row("large").thinking.largeSaved == 0)
    #expect(try row("small").thinking.largeSaved == 1)
    let alone = ReportFixture.run(records: ReportFixture.records.filter { $0.row != "large" })
    #expect(try ReportFixture.report([alone]).tasks[0].rows[1].thinking.largeSaved == nil)
  }

  @Test func `estimates pass and majority for as many runs as every problem has`() throws {
    #expect(try row("both").votes.map(\.k) == [1, 2])
    #expect(try row("both").votes[1].pass == 2.0 / 3)
    // p1: both right. p2: right and wrong, one vote each. p3: wrong and cut.
    #expect(abs(try row("both").votes[1].majority - 1.5 / 3) < 1e-12)
    // p3 has one run that did not fail.
    #expect(try row("small").votes.map(\.k) == [1])
  }

  @Test func `gives seconds of a run, and of all that overlapped`() throws {
    let time = try row("both").time
    #expect(time.seconds == 2.5)
    #expect(time.busySeconds == 6)
    var records = ReportFixture.records
    records[0].startedAt = 0
    #expect(try ReportFixture.report([ReportFixture.run(records: records)]).tasks[0].rows[0].time.busySeconds == nil)
  }

  @Test func `costs what was sampled, evaluated and waited for`() throws {
    let prices = try PriceTable(parsing: "small=1,small.input=0.5,large=10,large.second=0.25")
    let cost = try #require(try row("both", prices: prices).cost)
    let small = (390.0 * 1 + 120 * 0.5) / 1e6
    let large = 144.0 * 10 / 1e6 + 6 * 0.25
    #expect(abs(cost.total - (small + large)) < 1e-12)
    #expect(abs(cost.perRun - cost.total / 6) < 1e-12)
    #expect(abs((cost.perCorrect ?? 0) - cost.total / 3) < 1e-12)
    #expect(try row("both").cost == nil)
  }

  @Test func `counts reflection as the paper does, and hand-overs by reason`() throws {
    let row = try row("both")
    #expect(row.reflections.correctSum == 6)
    #expect(row.reflections.otherSum == 15)
    #expect(row.reflections.means.truncated == 5)
    #expect(row.handOvers.mapValues { ($0 * 1000).rounded() / 1000 } == ["takeoff": 2, "affirmation": 1])
  }
}
