import Foundation
import Synchronization
package import TandemInference
package import TandemSupport

/// The file that a draft model learns from: a line for each generation in which its target rejected a guess.
///
/// It has at most `limit` bytes: when it is full, the older lines go, so that half of it is free again. A line that
/// can't be written is lost and costs no answer. If the file is moved away, a new one begins in its place.
package final class RejectionFile: Sendable {
  private let path: String
  private let limit: Int
  private let report: @Sendable (String) -> Void
  private let state: Mutex<State>

  private struct State {
    var log: LineLog
    var hasFailed = false
  }

  /// - Parameters:
  ///   - limit: The most bytes.
  ///   - report: Told why lines are lost, once until one can be written again.
  ///
  /// Throws `FileFault` if the file can't be opened, or another process writes it.
  package init(_ path: String, limit: Int, report: @escaping @Sendable (String) -> Void) throws(FileFault) {
    (self.path, self.limit, self.report) = (path, limit, report)
    state = Mutex(State(log: try LineLog(path)))
  }

  /// Records into this file.
  package var recording: DraftRecording { DraftRecording { self.write($0) } }

  /// Writes a line, and waits until it is on the disk.
  package func write(_ rejections: DraftRejections) {
    let fault: String? = state.withLock { state in
      do {
        try add(rejections, &state.log)
        state.hasFailed = false
        return nil
      } catch {
        defer { state.hasFailed = true }
        return state.hasFailed ? nil : "\(error)"
      }
    }
    if let fault { report(fault) }
  }

  private func add(_ rejections: DraftRejections, _ log: inout LineLog) throws {
    do { try log.checkPlace() } catch { log = try LineLog(path) }
    let size = Data(try rejections.json().utf8).count + 1
    guard size <= limit / 2 else { throw TooLong(path: path, size: size, limit: limit) }
    let held = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    if held + size > limit {
      let data = FileManager.default.contents(atPath: path) ?? Data()
      // From the first line that begins in the newer half on.
      let half = data.suffix(limit / 2)
      let newer = half.firstIndex(of: UInt8(ascii: "\n")).map { data[($0 + 1)...] } ?? Data()
      try DurableFile.write(Data(newer), to: path)
      log = try LineLog(path)
    }
    try log.append(rejections)
  }

  private struct TooLong: Error, CustomStringConvertible {
    let path: String
    let size: Int
    let limit: Int

    var description: String {
      "A text with rejected guesses has \(size) bytes, more than half of the \(limit) that \(path) may have."
    }
  }
}
