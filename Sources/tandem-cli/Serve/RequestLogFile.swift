#if Servers
import Foundation
import Synchronization
import TandemCommandLine
import TandemSupport

/// Where the lines about requests go: a file, standard output, or nowhere. A line that can't be written costs no request;
/// standard error says so once.
final class RequestLogFile: Sendable {
  private let file: OpenFile?
  private let hasFailed = Mutex(false)
  private let isSilent: Bool

  /// - Parameter path: "-" for standard output, "none" for nowhere.
  ///
  /// Throws `FileFault`.
  init(_ path: String) throws(FileFault) {
    isSilent = path == "none"
    file = path == "-" || isSilent ? nil : try OpenFile(path, O_WRONLY | O_CREAT | O_APPEND)
  }

  func write(_ line: String) {
    guard !isSilent else { return }
    guard let file else { return Console.write(line + "\n") }
    do {
      try file.append(Data((line + "\n").utf8))
      hasFailed.withLock { $0 = false }
    } catch {
      let isNew = hasFailed.withLock { hasFailed in
        defer { hasFailed = true }
        return !hasFailed
      }
      if isNew { Console.write("Warning: \(error) Requests are served all the same.\n", to: .standardError) }
    }
  }
}
#endif
