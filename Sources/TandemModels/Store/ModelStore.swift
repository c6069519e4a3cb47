public import Foundation

/// The models on this machine, and the ways to get more.
///
/// Files that a hub names the commit of lie in the cache of Hugging Face, shared with its other clients; all others lie
/// in `folder`.
public struct ModelStore: Sendable {
  /// Where the files lie that are not in the cache of Hugging Face.
  public let folder: URL
  package let environment: [String: String]
  package var patience = Download.Patience()

  /// Uses the folder `TANDEM_MODELS`, or one in the user's folder for caches.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.init(folder: Self.folder(in: environment), environment: environment)
  }

  /// Uses `folder`. Of the environment, `HF_HOME`, `HF_TOKEN` and the other variables of `huggingface_hub` count.
  public init(folder: URL, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.folder = folder.absoluteURL
    self.environment = environment
  }

  /// The file of a model that is here, the first one of a model in several files.
  ///
  /// Throws `notInstalled`, `incomplete`, `damaged`, `fileNotFound`, `onServer`, `resourceMissing` or `unknownModel`.
  public func url(of reference: ModelReference) throws(ModelError) -> URL {
    let urls = try urls(of: reference)
    for url in urls {
      if let reason = ModelFile.fault(in: url) { throw .damaged(path: url.path, reason: reason) }
    }
    return urls[0]
  }

  /// All files of a model, which exist; what is in them is not looked at.
  func urls(of reference: ModelReference) throws(ModelError) -> [URL] {
    switch reference {
    case .catalogue(let name):
      let entry = try Catalogue.entry(named: name)
      switch entry.source {
      case .builtIn(let resource): return [try NanoResources.url(of: resource, environment: environment)]
      case .huggingFace(let file): return try urls(of: .huggingFace(file))
      case .pypi, .requantized: break
      }
      guard Self.exists(destination(of: entry)) else { throw .notInstalled(name: name) }
      return [destination(of: entry)]
    case .huggingFace(let file):
      if let urls = files(of: file) { return urls }
      let missing = file.parts.filter { !Self.exists(destination($0)) && cache.url(of: $0) == nil }
      guard !missing.isEmpty, missing.count < file.parts.count else { throw .notInstalled(name: "\(file)") }
      throw .incomplete(name: "\(file)", missing: missing.map(\.name))
    case .file(let path):
      let url = URL(filePath: expanded(path)).absoluteURL
      guard Self.exists(url) else { throw .fileNotFound(path: url.path, hint: Self.hint(path)) }
      let parts = Self.parts(of: url)
      let missing = parts.filter { !Self.exists($0) }
      guard missing.isEmpty else { throw .incomplete(name: url.path, missing: missing.map(\.lastPathComponent)) }
      return parts
    case .server(let address):
      throw .onServer(address: address)
    }
  }

  /// The files of a model on Hugging Face, if all are here and in one folder.
  func files(of file: HuggingFaceFile) -> [URL]? {
    let stored = file.parts.map(destination)
    if stored.allSatisfy(Self.exists) { return stored }
    let cached = file.parts.compactMap { cache.url(of: $0) }
    return cached.count == file.parts.count ? cached : nil
  }

  /// Where a model that is made of packages or other models will lie.
  func destination(of entry: CatalogueEntry) -> URL { folder.appending(path: entry.fileName) }

  /// Where a file will lie whose server names no commit.
  func destination(_ file: HuggingFaceFile) -> URL {
    let former = file.formerRelativePath
    let isThere = folder.holds(former) || folder.holds(former + ".partial")
    return folder.appending(path: isThere ? former : file.relativePath)
  }

  var hub: HubSettings { HubSettings(environment) }

  var cache: HubCache { HubCache(hub) }
}

extension ModelStore {
  static func exists(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// Bytes of a file, or of the one that a link leads to.
  static func size(_ url: URL) -> Int64? {
    var status = stat()
    return stat(url.path, &status) == 0 ? Int64(status.st_size) : nil
  }

  /// All files of the model that one file is of, whether they exist or not.
  static func parts(of url: URL) -> [URL] {
    let folder = url.deletingLastPathComponent()
    return SplitName(url.lastPathComponent)?.all.map { folder.appending(path: $0) } ?? [url]
  }

  func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
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
