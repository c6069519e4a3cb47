import Foundation

extension ModelStore {
  /// The models of the catalogue, then whatever else lies in the folder.
  public func models() -> [ModelInfo] {
    Catalogue.entries.map(info) + strangers()
  }

  /// What is known about one model, installed or not.
  public func info(_ reference: ModelReference) throws(ModelError) -> ModelInfo {
    switch reference {
    case .catalogue(let name): return info(try Catalogue.entry(named: name))
    case .huggingFace(let file): return info(file)
    case .file:
      let url = try url(of: reference)
      return ModelInfo(
        reference: reference, summary: url.lastPathComponent, bytes: Self.size(url), licence: nil,
        source: "a file of yours", sha256: nil, state: .installed, url: url)
    }
  }

  /// Removes a model of the store, stopped pulls and kept terms included; returns how many bytes that freed.
  ///
  /// Waits for nobody: a pull of the same model that is under way starts again.
  @discardableResult public func remove(_ reference: ModelReference) throws(ModelError) -> Int64 {
    var files: [URL]
    switch reference {
    case .catalogue(let name):
      let entry = try Catalogue.entry(named: name)
      if case .builtIn = entry.source { throw .builtIn(name: name) }
      files = [destination(of: entry), scratch(of: entry)]
      if case .pypi(_, let terms?) = entry.source { files += terms.members.map { kept($0, of: entry) } }
    case .huggingFace(let file):
      files = file.parts.map(destination)
    case .file(let path):
      let url = try url(of: reference)
      let inside = folder.standardizedFileURL.path + "/"
      guard url.standardizedFileURL.path.hasPrefix(inside) else { throw .notInStore(path: path, folder: folder.path) }
      files = [url]
    }
    files += files.flatMap { [PartialFile.url(for: $0), PartialFile.noteURL(for: $0)] }
    let present = files.filter { FileManager.default.fileExists(atPath: $0.path) }
    guard !present.isEmpty else { throw .notInstalled(name: reference.description) }
    var freed: Int64 = 0
    for file in present {
      freed += Self.exists(file) ? Self.size(file) ?? 0 : 0
      do {
        try FileManager.default.removeItem(at: file)
      } catch {
        throw .notWritable(path: file.path, reason: (error as NSError).localizedDescription)
      }
      removeEmptyFolders(above: file)
    }
    return freed
  }

  private func removeEmptyFolders(above file: URL) {
    var parent = file.deletingLastPathComponent().standardizedFileURL
    // A folder with something in it can't be removed this way, which ends the loop.
    while parent.path.hasPrefix(folder.standardizedFileURL.path + "/"), rmdir(parent.path) == 0 {
      parent = parent.deletingLastPathComponent()
    }
  }

  private func info(_ entry: CatalogueEntry) -> ModelInfo {
    let reference = ModelReference.catalogue(entry.name)
    let url = try? url(of: reference)
    let isBuiltIn = if case .builtIn = entry.source { true } else { false }
    return ModelInfo(
      reference: reference, summary: entry.summary, bytes: url.flatMap(Self.size) ?? entry.bytes,
      licence: entry.licence, source: entry.source.description, sha256: entry.sha256,
      state: isBuiltIn ? .builtIn : state(destination(of: entry), url), url: url)
  }

  private func info(_ file: HuggingFaceFile) -> ModelInfo {
    let url = try? url(of: .huggingFace(file))
    let sizes = file.parts.compactMap { Self.size(destination($0)) }
    return ModelInfo(
      reference: .huggingFace(file), summary: (file.path as NSString).lastPathComponent,
      bytes: url == nil ? nil : sizes.reduce(0, +), licence: nil,
      source: "Hugging Face, \(file.owner)/\(file.repository)", sha256: nil,
      state: state(destination(file), url), url: url)
  }

  private func state(_ destination: URL, _ url: URL?) -> ModelInfo.State {
    if url != nil { return .installed }
    return Self.size(PartialFile.url(for: destination)).map { .partial(bytes: $0) } ?? .absent
  }

  /// Files that were pulled from Hugging Face or put here by hand.
  private func strangers() -> [ModelInfo] {
    let known = Set(Catalogue.entries.map(\.fileName))
    let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
    var seen: Set<ModelReference> = []
    return paths.compactMap { path in
      let name = path.hasSuffix(".partial") ? String(path.dropLast(8)) : path
      guard name.hasSuffix(".gguf"), !known.contains(name), let reference = reference(at: name) else { return nil }
      guard seen.insert(reference).inserted else { return nil }
      return try? info(reference)
    }
  }

  private func reference(at path: String) -> ModelReference? {
    let parts = path.split(separator: "/", maxSplits: 4).map(String.init)
    guard parts.count == 5, parts[0] == "hf" else { return .file(path: folder.appending(path: path).path) }
    let file = try? HuggingFaceFile(
      owner: parts[1], repository: parts[2], path: parts[4], revision: parts[3].replacing("%2F", with: "/"))
    return file.map { .huggingFace($0.parts.first ?? $0) }
  }
}

extension ModelSource: CustomStringConvertible {
  public var description: String {
    switch self {
    case .builtIn: "part of Tandem"
    case .pypi(let wheels, _):
      "PyPI, \(wheels.first.map { "\($0.package) \($0.version)" } ?? "")"
        + (wheels.count > 1 ? " and \(wheels.count - 1) more" : "")
    case .requantized(let name, let format): "made from \(name) as \(format)"
    case .huggingFace(let file): "Hugging Face, \(file.owner)/\(file.repository)"
    }
  }
}
