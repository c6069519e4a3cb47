package import Foundation

/// The files of the built-in pair of models.
package enum NanoResources {
  /// Finds one of Tandem's own files, or throws `resourceMissing` with the places that were searched.
  ///
  /// Not through `Bundle.module`: that ends the process when the program was moved away from its resources.
  package static func url(
    of file: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    program: URL? = Bundle.main.executableURL
  ) throws(ModelError) -> URL {
    let folders = candidates(environment: environment, program: program)
    for folder in folders {
      let url = folder.appending(path: file)
      if FileManager.default.fileExists(atPath: url.path) { return url }
    }
    throw .resourceMissing(name: file, searched: folders.map(\.path))
  }

  private static func candidates(environment: [String: String], program: URL?) -> [URL] {
    var folders: [URL] = []
    if let given = environment["TANDEM_RESOURCES"], !given.isEmpty {
      let folder = URL(filePath: given, directoryHint: .isDirectory)
      folders += [folder, folder.appending(path: "Nano"), folder.appending(path: "tandem_TandemModels.resources/Nano")]
    }
    if let program {
      // Links are resolved, so that one in /usr/local/bin finds what lies beside the real program.
      let beside = program.resolvingSymlinksInPath().deletingLastPathComponent()
      folders += [
        "tandem_TandemModels.resources/Nano", "tandem_TandemModels.bundle/Contents/Resources/Nano",
        "tandem_TandemModels.bundle/Nano", "Nano", "../share/tandem/Nano",
      ].map { beside.appending(path: $0).standardizedFileURL }
    }
    // The checkout that this was compiled from: tests on macOS run inside another program.
    folders.append(
      URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Nano"))
    return folders
  }
}
