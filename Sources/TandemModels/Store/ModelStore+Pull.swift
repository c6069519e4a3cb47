public import Foundation

/// Writes the model at the first place again with other weights to the second.
public typealias Requantizer = @Sendable (_ from: URL, _ to: URL, _ format: String) throws -> Void

extension ModelStore {
  /// Fetches a model, unless it is here already.
  ///
  /// Terms are shown to `accept` before what they cover is fetched. `sha256` is the digest that the file must have.
  /// Throws `ModelError`; a pull that was stopped goes on where it was when it is called again.
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
      case .huggingFace(let file):
        return try await pull(file, sha256: sha256, progress: progress)
      case .catalogue(let name):
        let making = CatalogueMaking(
          store: self, entry: try Catalogue.entry(named: name), sha256: sha256, requantize: requantize,
          progress: progress)
        return try await making.run(accept: accept)
      }
    } catch is CancellationError {
      throw ModelError.cancelled(file: reference.description, kept: 0)
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError.notWritable(path: folder.path, reason: error.localizedDescription)
    }
  }

  private func pull(
    _ file: HuggingFaceFile, sha256: String?, progress: @escaping @Sendable (PullProgress) -> Void
  ) async throws -> PulledModel {
    let endpoint = try endpoint()
    let parts = file.parts
    guard parts.count == 1 || sha256 == nil else {
      throw ModelError.invalidReference(text: "\(file)", reason: "one SHA-256 can't be that of \(parts.count) files")
    }
    var pulled: PulledModel?
    for part in parts {
      let label = "\(part)"
      if let installed = try installed(destination(part), .huggingFace(part), sha256) {
        pulled = pulled.map { $0.adding(installed) } ?? installed
        continue
      }
      var download = Download(
        Download.Request(
          url: part.url(endpoint: endpoint), destination: destination(part), label: label,
          repository: "\(part.owner)/\(part.repository)", sha256: sha256, token: token))
      download.patience = patience
      download.progress = progress
      let outcome = try await download.run()
      let one = PulledModel(
        reference: .huggingFace(file), url: destination(part), bytes: outcome.bytes, sha256: outcome.sha256,
        verification: outcome.verification, wasInstalled: false, resumed: outcome.resumed)
      pulled = pulled.map { $0.adding(one) } ?? one
    }
    guard let pulled else { throw ModelError.notInstalled(name: "\(file)") }
    return pulled
  }

  /// A model that is here already; throws `installedDiffers` if it has another digest than is asked for.
  func installed(_ url: URL, _ reference: ModelReference, _ sha256: String?) throws -> PulledModel? {
    guard Self.exists(url) else { return nil }
    // Reading 20 GB takes a while: only if somebody wants to know.
    let actual = try sha256.map { _ in try Digest.sha256(of: url) }
    if let expected = sha256?.lowercased(), let actual, expected != actual {
      throw ModelError.installedDiffers(path: url.path, expected: expected, actual: actual)
    }
    return PulledModel(
      reference: reference, url: url, bytes: Self.size(url) ?? 0, sha256: actual,
      verification: sha256 == nil ? .none : .pinned, wasInstalled: true, resumed: 0)
  }

  private var token: String? { environment["HF_TOKEN"].flatMap { $0.isEmpty ? nil : $0 } }

  private func endpoint() throws(ModelError) -> URL {
    let text = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? "https://huggingface.co"
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host() != nil else {
      throw .invalidEndpoint(text: text)
    }
    return url
  }
}

extension PulledModel {
  /// The same model with one more of its files; it is verified as well as the worst of them.
  fileprivate func adding(_ other: PulledModel) -> PulledModel {
    var both = self
    both.bytes += other.bytes
    both.resumed += other.resumed
    both.wasInstalled = wasInstalled && other.wasInstalled
    if other.verification == .none { both.verification = .none }
    return both
  }
}
