package import Foundation
package import TandemModels
import TandemSupport

/// A file that a user named, of whatever kind; pipes and devices too.
package enum UserFile {
  /// All of it. Throws `ModelError.fileNotFound`, or `unreadable` for what is there.
  package static func contents(of path: String) throws(ModelError) -> Data {
    do { return try Data(contentsOf: URL(filePath: path)) } catch {
      guard FileManager.default.fileExists(atPath: path) else { throw .fileNotFound(path: path, hint: nil) }
      throw .unreadable(path: path, reason: error.systemReason)
    }
  }
}
