import Foundation
import TandemSupport

/// Files of problems: the user's, and those that are part of Tandem.
enum TaskFile {
  static func contents(of url: URL) throws(TaskError) -> Data {
    guard FileManager.default.fileExists(atPath: url.path) else { throw .fileNotFound(path: url.path) }
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw .invalidFile(path: url.path, reason: error.systemReason)
    }
    if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
      throw .invalidFile(path: url.path, reason: "it is UTF-16; save it as UTF-8")
    }
    // Editors on Windows put a byte order mark before UTF-8.
    return data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
  }

  /// Finds one of Tandem's own files, or throws `resourceMissing` with the places that were searched.
  static func bundled(_ name: String) throws(TaskError) -> URL {
    let own = OwnFiles(
      "Problems", of: "TandemTasks", environment: ProcessInfo.processInfo.environment,
      program: Bundle.main.executableURL,
      checkout: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Problems"))
    guard let url = own.url(of: name) else {
      throw .resourceMissing(name: name, searched: own.folders.map(\.path))
    }
    return url
  }
}
