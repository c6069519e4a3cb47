package import ArgumentParser
import Foundation

/// An error whose description is a sentence for people, with a status for scripts.
///
/// Each program lets the errors of the targets that it uses conform to it.
package protocol ReportableError: Error, CustomStringConvertible {
  var exitStatus: ExitStatus { get }
}

/// What a program writes and returns when an error ends it.
package struct Failure {
  package let message: String
  package let status: Int32

  /// - Parameter root: The program's root command, which knows the help that an error of ArgumentParser asks for.
  package init(_ error: any Error, of root: any ParsableCommand.Type) {
    switch error {
    case let error as any ReportableError: (message, status) = (error.description, error.exitStatus.rawValue)
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
    Foundation.exit(status)
  }
}
