package import ArgumentParser

/// How a program ends, for scripts: the numbers of sysexits.h where it has one. `tandem help` lists them.
package enum ExitStatus: Int32, Sendable {
  case failed = 1
  case wrongUsage = 64
  /// A file can be read, and is not what it should be.
  case badInput = 65
  /// A file or a model does not exist.
  case notFound = 66
  /// A server or a download failed.
  case unavailable = 69
  case tryAgain = 75
  case interrupted = 130
}

extension ExitCode {
  /// Ends a command whose output says already what happened.
  package init(_ status: ExitStatus) { self.init(status.rawValue) }
}
