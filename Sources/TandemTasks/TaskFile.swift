import Foundation

/// Files of problems: the user's, and those that are part of Tandem.
enum TaskFile {
  static func contents(of url: URL) throws(TaskError) -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
      throw .fileNotFound(path: url.path)
    }
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw .invalidFile(path: url.path, reason: error.localizedDescription)
    }
    if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
      throw .invalidFile(path: url.path, reason: "it is UTF-16; save it as UTF-8")
    }
    // Editors on Windows put a byte order mark before UTF-8.
    return data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
  }

  /// Finds one of Tandem's own files, or throws `resourceMissing` with the places that were searched.
  ///
  /// Not through `Bundle.module`: that ends the process when the program was moved away from its resources.
  static func bundled(_ name: String) throws(TaskError) -> URL {
    var folders: [URL] = []
    if let given = ProcessInfo.processInfo.environment["TANDEM_RESOURCES"], !given.isEmpty {
      let folder = URL(filePath: given, directoryHint: .isDirectory)
      folders += ["", "Problems", "tandem_TandemTasks.resources/Problems"].map { folder.appending(path: $0) }
    }
    if let program = Bundle.main.executableURL {
      // Links are resolved, so that one in /usr/local/bin finds what lies beside the real program.
      let beside = program.resolvingSymlinksInPath().deletingLastPathComponent()
      folders += [
        "tandem_TandemTasks.resources/Problems", "tandem_TandemTasks.bundle/Contents/Resources/Problems",
        "tandem_TandemTasks.bundle/Problems", "Problems", "../share/tandem/Problems",
      ].map { beside.appending(path: $0).standardizedFileURL }
    }
    // The checkout that this was compiled from: tests on macOS run inside another program.
    folders.append(URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Problems"))
    for folder in folders {
      let url = folder.appending(path: name)
      if FileManager.default.fileExists(atPath: url.path) { return url }
    }
    throw .resourceMissing(name: name, searched: folders.map(\.path))
  }
}
