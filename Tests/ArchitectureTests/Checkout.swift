import Foundation
import Testing

/// This checkout's files, as text.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The paths below `folder` that end in one of `extensions`, relative to the checkout, in order.
  static func files(in folder: String, _ extensions: Set<String>) -> [String] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    let paths = (names?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }
    return paths.filter { extensions.contains(URL(filePath: $0).pathExtension) }.sorted()
  }

  /// The folders directly below `folder`.
  static func folders(in folder: String) throws -> [String] {
    let url = root.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: [.isDirectoryKey])
      .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
      .map(\.lastPathComponent).sorted()
  }

  /// The modules that a Swift file imports.
  static func imports(of file: String) throws -> [String] {
    try text(file).split(separator: "\n").compactMap { line in
      line.firstMatch(
        of: /^(?:@testable |@preconcurrency )?(?:public |package |internal )?import (?:struct |enum )?(\w+)/
      )
      .map { String($0.1) }
    }
  }
}
