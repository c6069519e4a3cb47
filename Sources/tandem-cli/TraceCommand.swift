import ArgumentParser
import Foundation
import Tandem
import TandemModels
import TandemTasks

struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Read recorded runs.", subcommands: [Show.self, Stats.self])

  static func read(_ path: String) throws -> Trace {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw ModelError.fileNotFound(path: path, hint: nil)
    }
    return try Trace(lines: text)
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a run again.",
      discussion: """
        The script has one line a thought: + was kept, - was not, > says who takes over and why.

        EXAMPLES
          tandem trace show run.jsonl
          tandem trace show --script run.jsonl
        """)

    @Argument(help: "A trace, as `tandem solve --trace` writes it.") var file: String
    @Flag(help: "One line a thought, those not kept too.") var script = false

    func run() throws {
      let trace = try TraceCommand.read(file)
      let console = Console.current()
      if let header = trace.header {
        let models = [header.small, header.large].compactMap(\.self).joined(separator: " + ")
        Console.write(console.styled("\(header.problem.question)\n", .bold))
        Console.write(console.styled("\(header.strategy), \(models), seed \(header.seed)\n\n", .dim))
      }
      if script { return Console.write(trace.description + "\n") }
      let transcript = LiveTranscript(console)
      for event in trace.events { transcript.show(event) }
      if let outcome = trace.outcome {
        Console.write(console.styled("\n\(outcome.finish.sentence) \(outcome.seconds.digits(2)) s.\n", .dim))
      }
    }
  }

  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count what happened in runs.", discussion: "EXAMPLE\n  tandem trace stats run.jsonl other.jsonl")

    @Argument(help: "Traces.") var files: [String]
    @Option(help: "text or json.") var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
      let rows = try files.map { (file: $0, report: Report(try TraceCommand.read($0))) }
      if format == .json { return try printJSON(Dictionary(rows.map { ($0.file, $0.report) }) { $1 }) }
      for row in rows {
        if files.count > 1 { Console.write("\(row.file)\n") }
        Console.write(Self.text(row.report.statistics) + (row.report.check.map(Self.text) ?? ""))
      }
    }

    /// What `--format json` prints of a trace.
    struct Report: Encodable {
      let statistics: TraceStatistics
      /// Where the thinking went wrong; only for questions whose thoughts a program can check.
      let check: CountdownTraceCheck?

      init(_ trace: Trace) {
        statistics = TraceStatistics(trace)
        check = CountdownTraceCheck(trace)
      }

      func encode(to encoder: any Encoder) throws {
        try statistics.encode(to: encoder)
        var values = encoder.container(keyedBy: Key.self)
        try values.encodeIfPresent(check?.verdicts, forKey: .check)
      }

      private enum Key: CodingKey { case check }
    }

    private static func text(_ check: CountdownTraceCheck) -> String {
      var lines = ""
      for author in [Author.small, .large] {
        let counts = check.counts(by: author).sorted { $0.key.rawValue < $1.key.rawValue }
        guard !counts.isEmpty else { continue }
        lines += "faults of \(author.rawValue): "
        lines += counts.map { "\($1) × \($0.rawValue)" }.joined(separator: ", ") + "\n"
      }
      guard let first = check.firstWrong, let fault = check.firstFault else {
        return lines + "No thought is wrong.\n"
      }
      return lines + "first wrong: thought \(first.thought + 1), by \(first.author.rawValue): "
        + "\"\(fault.sentence)\" (\(fault.reason))\n"
    }

    private static func text(_ statistics: TraceStatistics) -> String {
      var table = Table(["", "small", "large"], rightAligned: [1, 2])
      let (small, large) = (statistics.small, statistics.large)
      table.add(["thoughts", "\(small.thoughts)", "\(large.thoughts)"])
      table.add(["tokens of thinking", "\(small.tokens)", "\(large.tokens)"])
      table.add(["thoughts not kept", "\(small.rejectedThoughts)", "\(large.rejectedThoughts)"])
      table.add(["tokens not kept", "\(small.rejectedTokens)", "\(large.rejectedTokens)"])
      table.add(["tokens of the answer", "\(small.answerTokens)", "\(large.answerTokens)"])
      var lines = table.lines(Console.current())
      lines += "\nthinking tokens: \(statistics.thinkingTokens)   reflection segments: \(statistics.reflections)"
      lines += "   hand-overs: \(statistics.handOvers.values.reduce(0, +))\n"
      for (reason, count) in statistics.handOvers.sorted(by: { $0.key < $1.key }) {
        lines += "  \(count) × \(reason)\n"
      }
      if let share = statistics.largeShare { lines += "share of the large model: \((share * 100).digits(1)) %\n" }
      return lines + "finish: \(statistics.finish ?? "none: the run was killed")\n"
    }
  }
}
