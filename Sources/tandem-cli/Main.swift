import ArgumentParser
import Dispatch
import Foundation
import Tandem
import TandemSupport

/// `tandem`: two language models at one problem, from the command line.
struct Tandem: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tandem",
    abstract: "A small and a large language model think together inside one answer.",
    discussion: """
      EXAMPLES
        tandem solve "Use 3, 7, 5, 2 to make 24."          the built-in nano pair
        tandem solve --preset smollm2 "What is 12 * 7?"    a pair of real models
        tandem demo                                        every strategy on 300 problems
        tandem models list                                 what is installed, what can be pulled

      EXIT STATUS
        0 done   1 failed   64 wrong usage   65 bad input file   66 no such model or file
        69 server or download failed   75 try again later   130 interrupted
      """,
    version: "tandem 0.1.0",
    subcommands: [
      Solve.self, Demo.self, Evaluate.self, ReportCommand.self, GradeCommand.self, TraceCommand.self, Train.self,
      Calibrate.self, Steer.self, Models.self, Rewards.self, StrategiesCommand.self, Doctor.self, Bench.self,
    ])
}

@main
enum Main {
  static func main() async {
    signal(SIGPIPE, SIG_DFL)  // `tandem … | head` ends quietly
    let work = Task { try await run() }
    let interrupts = Interrupts { work.cancel() }
    do {
      try await work.value
    } catch {
      let isInterrupted = interrupts.happened && !(error is ExitCode)
      if isInterrupted { Foundation.exit(130) }
      Failure(error).exit()
    }
    Foundation.exit(interrupts.happened ? 130 : 0)
  }

  private static func run() async throws {
    try suggestCommand(CommandLine.arguments.dropFirst().first)
    let command = try Tandem.parseAsRoot()
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      var command = command
      try command.run()
    }
  }
}

/// ArgumentParser helps with misspelt options; this does so with commands.
private func suggestCommand(_ word: String?) throws {
  let known = Tandem.configuration.subcommands.map { $0._commandName } + ["help"]
  guard let word, !word.hasPrefix("-"), !known.contains(word) else { return }
  let hint = known.nearest(to: word).map { " Did you mean '\($0)'?" } ?? ""
  throw ValidationError("There is no command '\(word)'.\(hint) Known: \(known.joined(separator: ", ")).")
}

/// Ctrl-C once asks the command to stop and to leave everything readable; twice ends the program.
private final class Interrupts {
  private let count = Counter()
  private let source: any DispatchSourceSignal

  init(_ stop: @escaping @Sendable () -> Void) {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT)
    source.setEventHandler { [count] in
      if count.next() > 1 { Foundation.exit(130) }
      stop()
    }
    source.activate()
  }

  var happened: Bool { count.value > 0 }
}
