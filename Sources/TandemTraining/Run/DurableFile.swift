import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that are there in whole or not at all, whatever stops the program or the machine.
enum DurableFile {
  /// Waits until `partial` is on the disk and gives it its name. Throws `fileUnwritable`.
  static func publish(_ partial: String, as path: String) throws(TrainingError) {
    try synchronise(partial, path)
    guard rename(partial, path) == 0 else { throw failure(path) }
    // The new name is safe when the folder is.
    try synchronise(URL(filePath: path).deletingLastPathComponent().path, path)
  }

  static func write(_ data: Data, to path: String) throws(TrainingError) {
    let partial = path + ".partial"
    guard let file = fopen(partial, "wb") else { throw failure(path) }
    let count = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    guard fclose(file) == 0, count == data.count else { throw failure(path) }
    try publish(partial, as: path)
  }

  /// Makes a folder, and those that it is in, where they are not there. Throws `fileUnwritable`.
  static func makeFolder(_ path: String) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      // Foundation's own text is one for programmers.
      let cause = (error as? CocoaError)?.underlying as? POSIXError
      throw .fileUnwritable(path: path, reason: cause.map { String(cString: strerror($0.code.rawValue)) } ?? "\(error)")
    }
  }

  private static func synchronise(_ name: String, _ path: String) throws(TrainingError) {
    let descriptor = open(name, O_RDONLY)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> TrainingError {
    .fileUnwritable(path: path, reason: String(cString: strerror(errno)))
  }
}
