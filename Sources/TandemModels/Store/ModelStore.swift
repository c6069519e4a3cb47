public import Foundation

/// The models on this machine, and the ways to get more.
public struct ModelStore: Sendable {
  /// Where the files lie.
  public let folder: URL
  package let environment: [String: String]
  package var patience = Download.Patience()

  /// Uses `TANDEM_MODELS`, or the folder that the system has for caches.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.init(folder: Self.folder(in: environment), environment: environment)
  }

  public init(folder: URL, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.folder = folder
    self.environment = environment
  }

  /// The file of a model that is here; throws `notInstalled` with what to do otherwise.
  public func url(of reference: ModelReference) throws(ModelError) -> URL {
    switch reference {
    case .catalogue(let name):
      let entry = try Catalogue.entry(named: name)
      if case .builtIn(let resource) = entry.source {
        return try NanoResources.url(of: resource, environment: environment)
      }
      return try existing([destination(of: entry)], reference)
    case .huggingFace(let file):
      return try existing(file.parts.map(destination), reference)
    case .file(let path):
      let url = URL(filePath: expanded(path))
      guard Self.exists(url) else { throw .fileNotFound(path: url.path, hint: Self.hint(path)) }
      return url
    }
  }

  private func existing(_ urls: [URL], _ reference: ModelReference) throws(ModelError) -> URL {
    guard let first = urls.first, urls.allSatisfy(Self.exists) else { throw .notInstalled(name: reference.description) }
    return first
  }

  /// Where a model that is fetched will lie.
  func destination(of entry: CatalogueEntry) -> URL {
    if case .huggingFace(let file) = entry.source { return destination(file) }
    return folder.appending(path: entry.fileName)
  }

  func destination(_ file: HuggingFaceFile) -> URL { folder.appending(path: file.relativePath) }

  private func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
  }

  static func exists(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  static func size(_ url: URL) -> Int64? {
    (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? NSNumber)?.int64Value
  }

  // OWNER/REPO/FILE looks like a path to us and like a model to everybody else.
  private static func hint(_ path: String) -> String? {
    guard !path.hasPrefix("/"), !path.hasPrefix("."), path.split(separator: "/").count >= 2 else { return nil }
    guard (try? HuggingFaceFile(parsing: path)) != nil else {
      return "A file on Hugging Face is written hf:OWNER/REPO/FILE.gguf."
    }
    return "If you mean the file on Hugging Face, write hf:\(path)."
  }

  private static func folder(in environment: [String: String]) -> URL {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let given = value("TANDEM_MODELS") { return URL(filePath: given, directoryHint: .isDirectory) }
    let home = value("HOME") ?? NSHomeDirectory()
    #if os(macOS)
      let caches = value("XDG_CACHE_HOME") ?? "\(home)/Library/Caches"
    #else
      let caches = value("XDG_CACHE_HOME") ?? "\(home)/.cache"
    #endif
    return URL(filePath: "\(caches)/tandem/models", directoryHint: .isDirectory)
  }
}
