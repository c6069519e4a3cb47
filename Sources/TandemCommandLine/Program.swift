package import ArgumentParser
import Foundation
import TandemSupport

/// What `--version` prints.
package let tandemVersion = "tandem 0.1.0"

extension AsyncParsableCommand {
  /// Runs this command as the root of a program, and ends the process with the status of what happened.
  ///
  /// The first Ctrl-C, SIGTERM or SIGHUP cancels the command's task, so that it can leave its files readable; the second
  /// ends the process.
  package static func runProgram(
    _ arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) async -> Never {
    signal(SIGPIPE, SIG_DFL)  // `tandem … | head` ends quietly
    fillClosedStreams()
    let work = Task { try await runCommand(arguments) }
    let interrupts = Interrupts { work.cancel() }
    let runsUntilStopped: Bool
    do {
      runsUntilStopped = try await work.value
    } catch {
      let isInterrupted = interrupts.happened && !(error is ExitCode)
      if isInterrupted { endProgram(ExitStatus.interrupted.rawValue) }
      Failure(error, of: self).exit()
    }
    endProgram(interrupts.happened && !runsUntilStopped ? ExitStatus.interrupted.rawValue : 0)
  }

  /// Returns whether the command is one that runs until it is stopped.
  private static func runCommand(_ arguments: [String]) async throws -> Bool {
    try checkCommand(arguments.first)
    let command = try parseAsRoot(arguments)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      var command = command
      try command.run()
    }
    return command is any RunsUntilStopped
  }

  /// ArgumentParser suggests the nearest option for a misspelt one; this does so for commands.
  private static func checkCommand(_ word: String?) throws {
    let known = configuration.subcommands.map { $0._commandName } + ["help"]
    guard let word, !word.hasPrefix("-"), !known.contains(word) else { return }
    let hint = known.nearest(to: word).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "There is no command '\(_commandName) \(word)'.\(hint) Known: \(known.joined(separator: ", ")).")
  }
}

/// Ends the process with `status`; with failure instead of success if results that it printed are lost.
func endProgram(_ status: Int32) -> Never {
  guard let reason = Console.lostOutput else { exit(status) }
  Console.write("Error: standard output could not be written: \(reason).\n", to: .standardError)
  exit(status == 0 ? ExitStatus.failed.rawValue : status)
}

/// Opens the standard streams that are closed. Otherwise the next file that is opened would be in the place of one, and
/// get what is written there. Writing to a standard output that was closed still fails.
private func fillClosedStreams() {
  for (stream, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
  where fcntl(stream, F_GETFD) == -1 {
    _ = open("/dev/null", mode)
  }
}

/// A command that is done when it is stopped, such as a server: its exit status is then 0.
package protocol RunsUntilStopped {}
