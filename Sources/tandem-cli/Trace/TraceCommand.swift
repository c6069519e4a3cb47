import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemSetup
import TandemSupport

#if Servers
import TandemServer
#endif

struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Read recorded runs.",
    subcommands: [Show.self, Stats.self, Prune.self, Search.self])

  static func read(_ path: String) throws -> Trace {
    try Trace(lines: UserFile.contents(of: path).text)
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a recorded run.",
      discussion: """
        The script has one line per thought: + was kept, - was rejected, > says who takes over and why.

        The page shows the run as that of `tandem serve` does: who wrote what and when, what was not kept, drafts and costs. \
        It is one file that needs no server, and can open more traces.

        EXAMPLES
          tandem trace show run.jsonl
          tandem trace show --script run.jsonl
          tandem trace show --html run.html run.jsonl
        """)

    @Argument(help: "A trace, as `tandem solve --trace` writes it.") var file: String
    @Flag(help: "Print one line per thought, including rejected ones.") var script = false

    @Option(help: ArgumentHelp("Write the run as an HTML page instead.", valueName: "file")) var html: String?

    func validate() throws {
      guard html == nil || !script else {
        throw ValidationError("--html and --script can't be used together: leave one out.")
      }
    }

    func run() throws {
      let trace = try TraceCommand.read(file)
      if let html {
        #if Servers
        return try DurableFile.write(Data(StandalonePage(trace: trace.lines()).html.utf8), to: html)
        #else
        throw WithoutServers()
        #endif
      }
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
