import Foundation

/// The pull of one model, in one file or several: into the cache of Hugging Face if the server is a hub, else into the
/// folder of all models.
struct HubPull: Sendable {
  let store: ModelStore
  let file: HuggingFaceFile
  /// The digest that the user wants, if any.
  let sha256: String?
  let progress: @Sendable (PullProgress) -> Void

  func run() async throws -> PulledModel {
    guard file.parts.count == 1 || sha256 == nil else {
      throw ModelError.invalidReference(
        text: "\(file)", reason: "one SHA-256 can't be that of \(file.parts.count) files")
    }
    if let urls = store.files(of: file) { return try PulledModel.sum(urls.map { try installed($0) }) }
    guard !store.hub.isOffline else { throw ModelError.offline(name: "\(file)") }
    let endpoint = try store.hub.endpoint()
    var pulled: [PulledModel] = []
    var commit: String?
    for (index, part) in file.parts.enumerated() {
      var request = Download.Request(
        url: try part.url(endpoint: endpoint), destination: store.destination(part), label: "\(part)",
        repository: "\(part.owner)/\(part.repository)", sha256: sha256, token: store.hub.token)
      let identity = index == 0 || commit != nil ? try await HubIdentity.ask(request, store.patience) : nil
      guard index == 0 || identity?.commit == commit else {
        let reason = "the repository changed while the model's files were fetched"
        throw ModelError.unexpectedAnswer(host: endpoint.host() ?? "", reason: reason)
      }
      commit = identity?.commit
      if let identity {
        pulled.append(try await fetch(part, identity, &request))
      } else if ModelStore.exists(request.destination) {
        pulled.append(try installed(request.destination))
      } else {
        pulled.append(try await fetch(request))
      }
    }
    if let commit { try store.cache.remember(file, at: commit) }
    return PulledModel.sum(pulled)
  }

  private func installed(_ url: URL) throws -> PulledModel {
    try store.installed(url, .huggingFace(file), sha256)
  }

  private func fetch(
    _ part: HuggingFaceFile, _ identity: HubIdentity, _ request: inout Download.Request
  ) async throws -> PulledModel {
    let cache = store.cache
    if let url = cache.url(of: part, at: identity.commit) { return try installed(url) }
    request.destination = cache.blob(of: part, identity)
    request.lock = cache.lock(of: part, identity)
    request.promisedSHA256 = identity.sha256
    var pulled = try await fetch(request)
    pulled.url = try cache.link(part, identity)
    return pulled
  }

  private func fetch(_ request: Download.Request) async throws -> PulledModel {
    var download = Download(request)
    download.patience = store.patience
    download.progress = progress
    let outcome = try await download.run()
    return PulledModel(
      reference: .huggingFace(file), url: request.destination, bytes: outcome.bytes, sha256: outcome.sha256,
      verification: outcome.verification, wasInstalled: false, resumed: outcome.resumed)
  }
}

extension PulledModel {
  /// A model in several files, known by the first; it is verified as well as the worst of them.
  fileprivate static func sum(_ files: [Self]) -> Self {
    var all = files[0]
    for file in files.dropFirst() {
      all.bytes += file.bytes
      all.resumed += file.resumed
      all.wasInstalled = all.wasInstalled && file.wasInstalled
      if file.verification == .none { all.verification = .none }
    }
    return all
  }
}
