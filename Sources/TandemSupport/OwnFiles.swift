package import FoundationEssentials

/// The folders in which files that are part of Tandem may lie, in the order in which they are searched.
///
/// Not `Bundle.module`: that ends the process if the program was moved away from its resources.
package struct OwnFiles: Sendable {
  package let folders: [URL]

  /// - Parameters:
  ///   - name: The folder of resources of a target.
  ///   - program: This program's file.
  ///   - checkout: The same folder in the checkout that the target was compiled from: tests on macOS run inside
  ///     another program.
  package init(_ name: String, of target: String, environment: [String: String], program: URL?, checkout: URL) {
    let bundle = "tandem_\(target)"
    let given = environment["TANDEM_RESOURCES"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
    var folders = given.map { [$0, $0.appending(path: name), $0.appending(path: "\(bundle).resources/\(name)")] } ?? []
    if let program {
      // Links are resolved, so that one in /usr/local/bin finds what lies beside the real program.
      let beside = program.resolvingSymlinksInPath().deletingLastPathComponent()
      folders += [
        "\(bundle).resources/\(name)", "\(bundle).bundle/Contents/Resources/\(name)", "\(bundle).bundle/\(name)", name,
        "../share/tandem/\(name)",
      ].map { beside.appending(path: $0).standardizedFileURL }
    }
    self.folders = folders + [checkout]
  }

  /// The first file of this name; nil if there is none.
  package func url(of file: String) -> URL? {
    folders.map { $0.appending(path: file) }.first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
