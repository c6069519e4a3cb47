import ArgumentParser
import Foundation
import TandemCommandLine

/// Hands the process over to `tandem-train`, so that only training loads MLX.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Train small models, and adapters for any model.")

  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

  func run() throws {
    guard let own = Bundle.main.executableURL?.resolvingSymlinksInPath() else { throw TrainerUnavailable.noPlace }
    let path = own.deletingLastPathComponent().appending(path: "tandem-train").path
    // The trainer would inherit what this process does with signals: the thread's mask, and that Ctrl-C is ignored.
    StopSignal.restoreDefaults()
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    execv(path, &words)
    throw errno == ENOENT
      ? TrainerUnavailable.missing(path: path)
      : TrainerUnavailable.notStarted(path: path, reason: String(cString: strerror(errno)))
  }
}

/// Why `tandem-train` does not run.
private enum TrainerUnavailable: ReportableError {
  case noPlace
  case missing(path: String)
  case notStarted(path: String, reason: String)

  var exitStatus: ExitStatus { .failed }

  var description: String {
    switch self {
    case .noPlace: "The system does not report the path of this program, so its trainer can't be found."
    case .missing(let path):
      "There is no trainer at \(path). Build it with: swift build -c release --product tandem-train"
    case .notStarted(let path, let reason): "The trainer at \(path) can't be started: \(reason)."
    }
  }
}
