import Foundation
import Tandem
import TandemInference
import Testing

@testable import tandem_cli

@Suite struct `tandem bench pair` {
  private static let short = ["--thinking", "40", "--answer", "4"]

  private struct Report: Decodable {
    struct Row: Decodable {
      struct Work: Decodable {
        let written: Int
        let read: Int
        let seconds: [String: Double]
      }
      let strategy: String
      let seconds: [Double]
      let ratio: Double?
      let work: [String: Work]
      let other: Double?
      let fault: String?
    }
    let small: String
    let schedule: WritingSchedule
    let rows: [Row]
  }

  @Test func `runs all rows on the built-in models, and says what each model did`() throws {
    let tool = try Tool.run(
      list: ["bench", "pair", "nano-small", "nano-large", "--rounds", "2", "--format", "json"] + Self.short)
    #expect(tool.status == 0, "\(tool.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(tool.output.utf8))
    #expect(report.rows.map(\.strategy) == PairBenchRow.names)
    #expect(report.schedule.thinking == 40)
    for row in report.rows {
      #expect(row.fault == nil && row.seconds.count == 2 && row.seconds.allSatisfy { $0 > 0 })
      let written = row.work.values.reduce(0) { $0 + $1.written }
      #expect(written >= 40, "\(row.strategy)")
    }
    let large = try #require(report.rows.first)
    #expect(large.ratio == 1)
    #expect(large.work["large"]?.written == 46, "40, the delimiter, 4 and the end of the turn")
    #expect(large.work["small"]?.written == 0)
    let kinds = try #require(large.work["large"]).seconds.keys
    #expect(Set(kinds).isSuperset(of: ["prefill", "decode", "sampling"]))
  }

  @Test func `prints a table of what is asked for`() throws {
    let tool = try Tool.run(
      list: [
        "bench", "pair", "nano-small", "nano-large", "--strategy", "large-only", "--strategy", "speculative-cot",
        "--set",
        "speculative-cot.drafts=2",
      ] + Self.short)
    #expect(tool.status == 0, "\(tool.errors)")
    let lines = tool.output.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("large-only") } == 2 && lines.count { $0.hasPrefix("speculative-cot") } == 2)
    #expect(tool.output.contains("large scores"))
    #expect(tool.output.contains("40 tokens of thinking in thoughts of 40, and 4 of the answer"))
  }

  @Test func `reads a schedule, and flags override it`() throws {
    try Tool.withTemporaryFile("schedule.yml") { path in
      let text = "thinking: 30\nthoughts: [10, 12]\nanswer: 3\ncues: {reflection: 0.5}\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let tool = try Tool.run(
        "bench", "pair", "nano-small", "nano-large", "--schedule", path, "--answer", "5", "--strategy", "small-only",
        "--format", "json")
      let report = try JSONDecoder().decode(Report.self, from: Data(tool.output.utf8))
      #expect(report.schedule.thoughts == [10, 12] && report.schedule.cues.reflection == 0.5)
      #expect(report.schedule.cues.affirmation == WritingSchedule().cues.affirmation)
      #expect(report.rows.first?.work["small"]?.written == 37)
      #expect(report.rows.first?.ratio == nil, "there is no row of the large model alone")
    }
  }

  @Test(arguments: [
    (["nano-small"], Int32(64), "Missing expected argument '<large>'"),
    (["nano-small", "http://127.0.0.1:1"], 64, "is a model on a server, and this needs a file"),
    (["nano-small", "nano-large", "--strategy", "speculativ-cot"], 64, "Did you mean 'speculative-cot'?"),
    (["nano-small", "nano-large", "--set", "drafts=2"], 64, "--set takes STRATEGY.NAME=VALUE"),
    (["nano-small", "nano-large", "--set", "speculative-cot.draft=2"], 64, "Did you mean 'drafts'?"),
    (["nano-small", "nano-large", "--thinking", "0"], 64, "thinking must be from 1"),
    (["nano-small", "nano-large", "--rounds", "0"], 64, "--rounds must be from 1 to 1000"),
    (
      ["nano-small", "nano-large", "--ctx-size", "300", "--thinking", "200"], 64,
      "--ctx-size is 300, and large-only takes"
    ),
    (["nano-small", "nano-large", "--schedule", "missing.yml"], 66, "missing.yml"),
  ])
  func `says what is wrong`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let tool = try Tool.run(list: ["bench", "pair"] + arguments)
    #expect(tool.status == status)
    #expect(tool.errors.contains(words), "\(tool.errors)")
  }
}

@Suite struct `Advice on a pair` {
  private func trial(
    _ threads: Int, _ attention: FlashAttention, prefill: Double, decode: Double, batch: [Int: Double] = [:],
    pass: [Int: Double] = [:]
  ) -> PairMeasurement.Trial {
    PairMeasurement.Trial(
      threads: threads, flashAttention: attention, depth: 100,
      rates: .init(prefill: prefill, decode: decode, batch: batch, pass: pass))
  }

  /// Two threads write 1.8 × as fast as one; flash attention is a tenth slower.
  private var measurement: PairMeasurement {
    PairMeasurement(
      small: [
        trial(1, .off, prefill: 400, decode: 100, batch: [5: 125]),
        trial(2, .off, prefill: 1000, decode: 200, batch: [3: 240, 5: 250, 8: 256]),
        trial(2, .on, prefill: 900, decode: 190, batch: [5: 250]),
      ],
      large: [
        trial(1, .off, prefill: 40, decode: 8.3, pass: [5: 0.2]),
        trial(2, .off, prefill: 75, decode: 15, pass: [5: 0.125]),
        trial(2, .on, prefill: 70, decode: 13.5, pass: [5: 0.13]),
      ])
  }

  @Test func `has the figures that follow from the rates, and what to do`() {
    let advice = PairAdvice(measurement, mostDrafts: 2).sentences
    #expect(advice.count == 6)
    #expect(advice[0].contains("the large model reads 75 tokens a second and writes 15.0 (R = 5.0)"))
    #expect(advice[0].hasSuffix("takes 0.075 of the time of one of the large model."))
    #expect(advice[1].contains("1: 8.3, 2: 15.0") && advice[1].contains("--threads 2"))
    #expect(advice[2].contains("writes 0.90 ×") && advice[2].hasSuffix("Use --flash-attn off."))
    // N = 1: 0.475. Three at 12.5 ms a step: 0.1875 + 0.8. Five: 1.5. Eight at 31.25 ms: 0.46875 + 1.8.
    #expect(advice[3].contains("1: 0.48, 3: 0.99, 5: 1.50, 8: 2.27") || advice[3].contains("1: 0.47, 3: 0.99"))
    #expect(advice[3].contains("Up to 3 save time: --set drafts=3, or") && advice[3].contains("Memory holds 2"))
    #expect(advice[4].contains("more than 57 % of them are right"))
    #expect(advice[5].hasPrefix("Computed, not measured") && advice[5].contains("0.54 at R = 25 and 0.36 at R = 100"))
  }

  @Test func `says so if nothing pays`() {
    let slow = PairMeasurement(
      small: [trial(1, .off, prefill: 10, decode: 10, batch: [5: 10]), trial(1, .on, prefill: 10, decode: 10)],
      large: [trial(1, .off, prefill: 10, decode: 10, pass: [5: 0.5]), trial(1, .on, prefill: 10, decode: 10)])
    let advice = PairAdvice(slow, mostDrafts: nil).sentences
    #expect(advice[1].contains("One is enough"))
    #expect(advice[2].contains("It makes no difference that could be measured."))
    #expect(advice[3].contains("Not even one draft saves time.") && !advice[3].contains("Memory"))
    #expect(advice[4].contains("saves no time even if all of them are right"))
  }

  @Test func `is measured on the built-in models, and sets the number of drafts from then on`() throws {
    try Tool.withTemporaryFile("models") { folder in
      let environment = ["TANDEM_MODELS": folder]
      let trace = folder + ".jsonl"
      defer { try? FileManager.default.removeItem(atPath: trace) }
      func solve() throws -> Tool {
        try Tool.run(
          "solve", "--strategy", "speculative-cot", "--set", "drafts=auto", "--set", "draftTokens=8", "--trace", trace,
          "Use 3, 7, 5, 2 to make 24.", environment: environment)
      }
      let unmeasured = try solve()
      #expect(unmeasured.status == 64 && unmeasured.errors.contains("Measure it: tandem doctor --pair"))
      let tool = try Tool.run("doctor", "--pair", environment: environment)
      #expect(tool.status == 0, "\(tool.errors)")
      for words in [
        "Rates: the large model reads", "Compute threads:", "Speculative decoding with 4", "Computed, not measured",
      ] {
        #expect(tool.output.contains(words), "\(tool.output)")
      }
      #expect(tool.errors.contains("Measuring: small model, 1 compute thread,"))
      #expect(try solve().status == 0)
      let drafts = try String(contentsOfFile: trace, encoding: .utf8).firstMatch(of: /"drafts":(\d)/)?.output.1
      let pays = tool.output.firstMatch(of: /drafts=(\d)/)?.output.1 ?? "1"
      #expect(drafts == pays, "The advice was: \(tool.output)")
    }
  }

  @Test func `needs files`() throws {
    #expect(try Tool.run("doctor", "--pair", "--small", "nano-small", "--large", "http://127.0.0.1:1").status == 64)
  }
}
