import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemSetup

struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Read recorded runs.", subcommands: [Show.self, Stats.self])

  static func read(_ path: String) throws -> Trace {
    try Trace(lines: UserFile.contents(of: path).text)
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a recorded run.",
      discussion: """
        The script has one line per thought: + was kept, - was rejected, > says who takes over and why.

        EXAMPLES
          tandem trace show run.jsonl
          tandem trace show --script run.jsonl
        """)

    @Argument(help: "A trace, as `tandem solve --trace` writes it.") var file: String
    @Flag(help: "Print one line per thought, including rejected ones.") var script = false

    func run() throws {
      let trace = try TraceCommand.read(file)
      if let header = trace.header {
        let models = [header.small, header.large].compactMap(\.self).joined(separator: " + ")
        Console.write(StyledText("\(header.problem.question)\n", .bold))
        Console.write(StyledText("\(header.strategy), \(models), seed \(header.seed)\n\n", .dim))
      }
      if script { return Console.write(trace.description + "\n") }
      let transcript = LiveTranscript(.current())
      for event in trace.events { transcript.show(event) }
      if let outcome = trace.outcome {
        Console.write(StyledText("\n\(outcome.finish.sentence) \(outcome.seconds.digits(2)) s.\n", .dim))
      }
    }
  }
}
