import FoundationEssentials
import TandemSupport

/// The files that training reads and writes: whole or not at all, with training's errors.
enum TrainingFile {
  static func write(_ data: Data, to path: String) throws(TrainingError) {
    do { try DurableFile.write(data, to: path) } catch { throw TrainingError(error) }
  }

  static func publish(_ partial: String, as path: String) throws(TrainingError) {
    do { try DurableFile.publish(partial, as: path) } catch { throw TrainingError(error) }
  }

  static func makeFolder(_ path: String) throws(TrainingError) {
    do { try DurableFile.makeFolder(path) } catch { throw TrainingError(error) }
  }

  /// The lines of a file that are not blank, with their numbers from 1. Throws `fileUnreadable`.
  static func lines(of path: String) throws(TrainingError) -> [(number: Int, line: Data)] {
    try contents(of: path).numberedLines
  }

  /// Throws `fileUnreadable`.
  static func contents(of path: String) throws(TrainingError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .fileUnreadable(path: path, reason: exists ? "the system refuses to read it" : "there is no such file")
    }
    return data
  }
}

extension TrainingError {
  init(_ fault: FileFault) { self = .fileUnwritable(path: fault.path, reason: fault.reason) }
}
