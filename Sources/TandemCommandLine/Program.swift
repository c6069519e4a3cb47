package import ArgumentParser
import Dispatch
import Foundation
import TandemSupport

/// What `--version` prints.
package let tandemVersion = "tandem 0.1.0"

extension AsyncParsableCommand {
  /// Runs this command as the root of a program, and ends the process with the status of what happened.
  ///
  /// The first Ctrl-C cancels the command's task, so that it can leave its files readable; the second ends the process.
  package static func runProgram(
    _ arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) async -> Never {
    signal(SIGPIPE, SIG_DFL)  // `tandem … | head` ends quietly
    let work = Task { try await runCommand(arguments) }
    let interrupts = Interrupts { work.cancel() }
    do {
      try await work.value
    } catch {
      let isInterrupted = interrupts.happened && !(error is ExitCode)
      if isInterrupted { Foundation.exit(ExitStatus.interrupted.rawValue) }
      Failure(error, of: self).exit()
    }
    Foundation.exit(interrupts.happened ? ExitStatus.interrupted.rawValue : 0)
  }

  private static func runCommand(_ arguments: [String]) async throws {
    try checkCommand(arguments.first)
    let command = try parseAsRoot(arguments)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      var command = command
      try command.run()
    }
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

/// Ctrl-C once asks the command to stop and to leave everything readable; twice ends the program.
private final class Interrupts {
  private let count = Counter()
  private let source: any DispatchSourceSignal

  init(_ stop: @escaping @Sendable () -> Void) {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT)
    source.setEventHandler { [count] in
      if count.next() > 1 { Foundation.exit(ExitStatus.interrupted.rawValue) }
      stop()
    }
    source.activate()
  }

  var happened: Bool { count.value > 0 }
}
