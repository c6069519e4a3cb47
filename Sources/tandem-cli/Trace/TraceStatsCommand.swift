import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemTasks

extension TraceCommand {
  struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count what happened in runs.",
      discussion: """
        Counts hand-overs, and tokens and thoughts by model. Says how close a model was to ending its thinking after each \
        blank line, and how much it repeats itself; for Countdown problems, also which thought went wrong first, and \
        whose it was. Several traces get a summary; --summary prints nothing else.

        With --embeddings and --reference, the summary says how far the thinking is from that of other traces of the same \
        problems (InfoBias, arXiv:2505.18237). If a program can check the problems, only right traces serve as reference. \
        Each problem needs at least two traces on each side, from different seeds. The reference should be better than \
        what is measured: the paper's code compares with rewordings of the gold solution.

        For entropy-stop, which looks at the answers that the model would give, it says how much the thinking revealed \
        about them from one look to the next (InfoGain, from the same paper).

        EXAMPLES
          tandem trace stats run.jsonl
          tandem trace stats --summary runs/a/traces/*/small-only/*.jsonl
          tandem trace stats --summary --embeddings nano-large \\
            runs/a/traces/*/small-only/*.jsonl \\
            --reference runs/a/traces/*/large-only/*.jsonl
        """)

    @Argument(help: "Traces.") var files: [String]
    @Flag(help: "Print only the summary of all traces.") var summary = false
    @Option(help: ArgumentHelp("The model whose hidden states are compared.", valueName: "model"))
    var embeddings: String?
    @Option(
      parsing: .upToNextOption,
      help: ArgumentHelp("Traces whose thinking is as it should be.", valueName: "files"))
    var reference: [String] = []
    @Option(help: "text or json.") var format = OutputFormat.text

    func validate() throws {
      guard (embeddings == nil) == reference.isEmpty else {
        throw ValidationError("--embeddings and --reference must be given together.")
      }
      guard embeddings == nil || summary || format == .text else {
        throw ValidationError("--embeddings measures several traces: with --format json, add --summary.")
      }
    }

    func run() async throws {
      let traces = try files.map { try TraceCommand.read($0) }
      let rows = zip(files, traces).map { (file: $0, report: Report($1)) }
      var total = TraceSummary(rows.map { ($0.report.statistics, $0.report.isRight) })
      let gains = rows.flatMap { $0.report.informationGain?.gains ?? [] }
      total.informationGain = gains.isEmpty ? nil : gains.reduce(0, +) / Double(gains.count)
      if let embeddings {
        let ideal = try reference.map { try TraceCommand.read($0) }.filter { Report($0).isRight != false }
        total.informationBias = try await TraceEmbedder.load(embeddings).bias(of: traces, against: ideal)
      }
      if format == .json {
        if summary { return try printJSON(total) }
        return try printJSON(Dictionary(rows.map { ($0.file, $0.report) }) { $1 })
      }
      for row in rows where !summary {
        if files.count > 1 { Console.write("\(row.file)\n") }
        Console.write(Self.text(row.report.statistics) + (row.report.check.map(Self.text) ?? ""))
        if let gain = row.report.informationGain { Console.write(Self.text(gain)) }
      }
      if summary || files.count > 1 { Console.write(total.text) }
    }

    /// What `--format json` prints of a trace.
    struct Report: Encodable {
      let statistics: TraceStatistics
      /// Where the thinking went wrong; only for questions whose thoughts a program can check.
      let check: CountdownTraceCheck?
      /// What each stretch revealed about the answer; only for runs that looked at their answers while they thought.
      let informationGain: InformationGain?
      /// Whether the answer is right; nil for questions that no program can check.
      let isRight: Bool?

      init(_ trace: Trace) {
        statistics = TraceStatistics(trace)
        check = CountdownTraceCheck(trace)
        informationGain = InformationGain(trace)
        isRight = trace.header.flatMap { Countdown(question: $0.problem.question) }.map { problem in
          trace.outcome.map { !$0.isTruncated && problem.isSolved(by: $0.answer ?? "") } ?? false
        }
      }

      func encode(to encoder: any Encoder) throws {
        try statistics.encode(to: encoder)
        var values = encoder.container(keyedBy: Key.self)
        try values.encodeIfPresent(check?.verdicts, forKey: .check)
        try values.encodeIfPresent(isRight, forKey: .isRight)
        try values.encodeIfPresent(informationGain, forKey: .informationGain)
      }

      private enum Key: CodingKey { case check, isRight, informationGain }
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

    private static func text(_ gain: InformationGain) -> String {
      func list(_ values: [Double]) -> String { values.map { $0.digits(2) }.joined(separator: " ") }
      return "entropy of the answers at each look, in bits: \(list(gain.entropies))\n"
        + (gain.gains.isEmpty ? "" : "information gained from each look to the next: \(list(gain.gains))\n")
    }

    private static func text(_ statistics: TraceStatistics) -> StyledText {
      var table = Table(["", "small", "large"], rightAligned: [1, 2])
      let (small, large) = (statistics.small, statistics.large)
      table.add(["thoughts", "\(small.thoughts)", "\(large.thoughts)"])
      table.add(["tokens of thinking", "\(small.tokens)", "\(large.tokens)"])
      table.add(["thoughts not kept", "\(small.rejectedThoughts)", "\(large.rejectedThoughts)"])
      table.add(["tokens not kept", "\(small.rejectedTokens)", "\(large.rejectedTokens)"])
      table.add(["tokens of the answer", "\(small.answerTokens)", "\(large.answerTokens)"])
      var lines = table.text
      lines += "\nthinking tokens: \(statistics.thinkingTokens)   reflection segments: \(statistics.reflections)"
      lines += "   hand-overs: \(statistics.handOvers.values.reduce(0, +))\n"
      for (reason, count) in statistics.handOvers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        lines += "  \(count) × \(reason)\n"
      }
      if let stops = statistics.stops.text { lines += stops }
      if let repetition = statistics.repetition {
        lines += "repeated sequences of four words: \(repetition.percent())\n"
      }
      if let share = statistics.largeShare { lines += "share of the large model: \(share.percent())\n" }
      return lines + "finish: \(statistics.finish?.rawValue ?? "none: the run was killed")\n"
    }
  }
}
