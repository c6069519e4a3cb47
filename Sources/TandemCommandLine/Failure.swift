package import ArgumentParser
import Foundation

/// What a program writes and returns when an error ends it.
package struct Failure {
  package let message: String
  package let status: Int32

  /// - Parameter root: The program's root command, whose help an error of ArgumentParser may ask for.
  package init(_ error: any Error, of root: any ParsableCommand.Type) {
    switch error {
    case let error as any ReportableError: (message, status) = (error.message, error.exitStatus.rawValue)
    case is CancellationError: (message, status) = ("Interrupted.", ExitStatus.interrupted.rawValue)
    default:
      // ArgumentParser's own: help, version, validation, exit codes.
      (message, status) = (root.fullMessage(for: error), root.exitCode(for: error).rawValue)
    }
  }

  package func exit() -> Never {
    if !message.isEmpty {
      let isHelp = status == 0
      let text = isHelp || message.hasPrefix("Error:") ? message : "Error: \(message)"
      Console.write(text + "\n", to: isHelp ? .standardOutput : .standardError)
    }
    endProgram(status)
  }
}
