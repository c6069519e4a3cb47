public import Foundation

/// Writes the model at the first place again with other weights to the second.
public typealias Requantizer = @Sendable (_ from: URL, _ to: URL, _ format: String) throws -> Void

extension ModelStore {
  /// Fetches a model, unless it is here already.
  ///
  /// Terms are shown to `accept` before what they cover is fetched. `sha256` is the digest that the file must have.
  /// Throws `ModelError`; called again, it resumes a pull that was stopped.
  public func pull(
    _ reference: ModelReference, sha256: String? = nil,
    accept: @Sendable (Terms) async -> Bool = { _ in false }, requantize: Requantizer? = nil,
    progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> PulledModel {
    if let sha256, !Digest.isSHA256(sha256) {
      throw ModelError.invalidReference(text: sha256, reason: "a SHA-256 has 64 hexadecimal digits")
    }
    do {
      switch reference {
      case .file(let path):
        throw ModelError.invalidReference(text: path, reason: "a file of yours can't be pulled, only used")
      case .server(let address):
        throw ModelError.onServer(address: address)
      case .huggingFace(let file):
        return try await HubPull(store: self, file: file, sha256: sha256, progress: progress).run()
      case .catalogue(let name):
        let making = CatalogueMaking(
          store: self, entry: try Catalogue.entry(named: name), sha256: sha256, requantize: requantize,
          progress: progress)
        return try await making.run(accept: accept)
      }
    } catch is CancellationError {
      throw ModelError.cancelled(file: reference.description, kept: 0)
    }
  }

  /// A model that is here already; throws `damaged`, or `installedDiffers` for another digest than is asked for.
  func installed(_ url: URL, _ reference: ModelReference, _ sha256: String?) throws -> PulledModel {
    if let reason = ModelFile.fault(in: url) { throw ModelError.damaged(path: url.path, reason: reason) }
    // Reading 20 GB takes a while: only if somebody wants to know.
    let actual = try sha256.map { _ in try Digest.sha256(of: url) }
    if let expected = sha256?.lowercased(), let actual, expected != actual {
      throw ModelError.installedDiffers(path: url.path, expected: expected, actual: actual)
    }
    return PulledModel(
      reference: reference, url: url, bytes: Self.size(url) ?? 0, sha256: actual,
      verification: sha256 == nil ? .none : .pinned, wasInstalled: true, resumed: 0)
  }
}
