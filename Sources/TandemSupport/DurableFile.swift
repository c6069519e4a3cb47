package import FoundationEssentials

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Files that are there in whole or not at all, whatever stops the program or the machine.
package enum DurableFile {
  package static func write(_ data: Data, to path: String) throws(FileFault) {
    try publish(begin(path, with: data), as: path)
  }

  /// Creates a file to be filled and then published as `path`, so that a place that can't be written is found out before
  /// the work. Returns its path.
  package static func begin(_ path: String, with data: Data = Data()) throws(FileFault) -> String {
    let partial = path + ".partial"
    try OpenFile(partial, O_WRONLY | O_CREAT | O_TRUNC, for: path).append(data)
    return partial
  }

  /// Waits until `partial` is on the disk, then renames it to `path`.
  package static func publish(_ partial: String, as path: String) throws(FileFault) {
    try OpenFile(partial, O_RDONLY).synchronise()
    guard rename(partial, path) == 0 else { throw .refused(path: path, number: errno) }
    // The new name is on the disk once the folder is. Some file systems can't synchronise a folder.
    try? OpenFile(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY).synchronise()
  }

  /// Creates a folder and its parents unless they exist.
  package static func makeFolder(_ path: String) throws(FileFault) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .refused(path: path, number: ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue ?? EIO)
    }
  }
}
