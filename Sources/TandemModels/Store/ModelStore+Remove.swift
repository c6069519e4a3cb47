import Foundation
import TandemSupport

extension ModelStore {
  /// Removes a model, all of its files, stopped pulls and kept terms included; returns how many bytes that freed.
  ///
  /// Of the cache of Hugging Face, contents that another revision has as well stay. A pull of the same model that is
  /// under way is not waited for: it starts again. Throws `notInstalled`, `notInStore`, `builtIn`, `fileNotFound`,
  /// `onServer`, `notWritable` or `unknownModel`.
  @discardableResult public func remove(_ reference: ModelReference) throws(ModelError) -> Int64 {
    var files: [URL]
    switch reference {
    case .catalogue(let name):
      let entry = try Catalogue.entry(named: name)
      switch entry.source {
      case .builtIn: throw .builtIn(name: name)
      case .huggingFace(let file): return try remove(.huggingFace(file))
      case .requantized: files = []
      case .pypi(_, let terms): files = terms?.members.map { kept($0, of: entry) } ?? []
      }
      files += [destination(of: entry), scratch(of: entry)]
    case .huggingFace(let file):
      return try remove(file)
    case .server(let address):
      throw .onServer(address: address)
    case .file(let path):
      // As it is written: a file of which other parts are missing can be removed.
      let url = URL(filePath: expanded(path)).absoluteURL
      guard Self.exists(url) else { throw .fileNotFound(path: url.path, hint: nil) }
      files = Self.parts(of: url)
    }
    return try remove(files, named: reference.description)
  }

  private func remove(_ file: HuggingFaceFile) throws(ModelError) -> Int64 {
    var freed: Int64?
    for part in file.parts {
      if let bytes = try cache.remove(part) { freed = (freed ?? 0) + bytes }
    }
    do {
      return (freed ?? 0) + (try remove(file.parts.map(destination), named: "\(file)"))
    } catch {
      guard case .notInstalled = error, let freed else { throw error }
      return freed
    }
  }

  private func remove(_ files: [URL], named name: String) throws(ModelError) -> Int64 {
    let all = files + files.flatMap { [PartialFile.url(for: $0), PartialFile.noteURL(for: $0)] }
    let present = all.filter { FileManager.default.fileExists(atPath: $0.path) }
    guard !present.isEmpty else { throw .notInstalled(name: name) }
    // All of them before the first is removed.
    for file in present where !file.isRemovable(from: folder) {
      throw .notInStore(path: file.path, folder: folder.path)
    }
    var freed: Int64 = 0
    for file in present { freed += try file.remove(from: folder) }
    return freed
  }
}

extension URL {
  /// Whether the entry that would be removed lies below `folder`, links in the folders above it resolved.
  func isRemovable(from folder: URL) -> Bool {
    guard let own = deletingLastPathComponent().realPath, let root = folder.realPath else { return false }
    return own == root || own.hasPrefix(root + "/")
  }

  /// Removes the file, and the folders above it that this leaves empty; returns how many bytes that freed.
  ///
  /// Of a link, what it leads to stays.
  func remove(from folder: URL) throws(ModelError) -> Int64 {
    guard isRemovable(from: folder) else { throw .notInStore(path: path, folder: folder.path) }
    var status = stat()
    let size = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : 0
    do {
      try FileManager.default.removeItem(at: self)
    } catch {
      throw .notWritable(path: path, reason: error.systemReason)
    }
    var parent = deletingLastPathComponent()
    // A folder with something in it can't be removed this way, which ends the loop.
    while parent.isRemovable(from: folder), rmdir(parent.path) == 0 { parent.deleteLastPathComponent() }
    return size
  }

  /// The path without links; nil if there is nothing.
  private var realPath: String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
