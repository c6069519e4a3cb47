import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One request for what is still missing, redirects included.
///
/// Used by one exchange at a time, hence unchecked.
final class DownloadAttempt: @unchecked Sendable {
  private let download: Download
  private let partial: PartialFile
  private let meter: ProgressMeter
  private var target: URL
  private var next: URL?
  private var isReceiving = false
  private var linked: (sha256: String?, size: Int64?) = (nil, nil)

  init(_ download: Download, _ partial: PartialFile, _ meter: ProgressMeter) {
    self.download = download
    self.partial = partial
    self.meter = meter
    target = download.request.url
  }

  /// Throws `Setback` when trying again may help, `ModelError` when not.
  func run() async throws {
    if !partial.isResumable { try partial.startOver() }
    do {
      for _ in 0..<10 {
        try await HTTPExchange.run(
          makeRequest(), idleTimeout: download.patience.idleTimeout,
          onHead: { [self] in try receive(ServerAnswer($0)) }, onBody: { [self] in try receive($0) })
        guard let next else { return try checkLength() }
        target = next
        self.next = nil
      }
    } catch let error as URLError {
      throw failure(error)
    }
    throw ModelError.unexpectedAnswer(host: target.host() ?? "", reason: "it redirects in a circle")
  }

  private var isFirstHost: Bool {
    let first = download.request.url
    return target.scheme == first.scheme && target.host() == first.host() && target.port == first.port
  }

  private func makeRequest() -> URLRequest {
    var request = URLRequest(url: target)
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("tandem", forHTTPHeaderField: "User-Agent")
    if partial.isResumable {
      request.setValue("bytes=\(partial.size)-", forHTTPHeaderField: "Range")
      request.setValue(partial.origin.etag, forHTTPHeaderField: "If-Range")
    }
    // The token is the secret of the first host alone.
    if isFirstHost, let token = download.request.token {
      request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    }
    return request
  }

  /// Reads the head of an answer, and says whether its body belongs to the file.
  private func receive(_ answer: ServerAnswer) throws -> Bool {
    if isFirstHost {
      linked = (answer.linkedSHA256 ?? linked.sha256, answer.linkedSize ?? linked.size)
    }
    if let redirect = answer.redirect {
      guard redirect.scheme == "https" || (redirect.scheme == "http" && target.scheme == "http") else {
        throw ModelError.unexpectedAnswer(host: answer.host, reason: "it redirects to \(redirect.scheme ?? "nowhere")")
      }
      next = redirect
      return false
    }
    switch answer.status {
    case 200: try begin(answer)
    case 206: try resume(answer)
    case 416:
      throw Setback.startOver(.unexpectedAnswer(host: answer.host, reason: "it has no bytes from \(partial.size) on"))
    default: throw answer.failure(for: download.request, isFirstHost: isFirstHost)
    }
    return true
  }

  /// The whole file, whether that was asked for or not.
  private func begin(_ answer: ServerAnswer) throws {
    if let encoding = answer.header("Content-Encoding"), encoding != "identity" {
      throw ModelError.unexpectedAnswer(host: answer.host, reason: "it encodes the file as \(encoding)")
    }
    try partial.startOver()
    if let length = answer.length, let size = linked.size, length != size {
      throw ModelError.lengthMismatch(file: download.request.label, expected: size, received: length)
    }
    let origin = PartialFile.Origin(
      etag: answer.strongETag, total: answer.length ?? linked.size, sha256: linked.sha256)
    try checkSpace(for: origin.total)
    try partial.remember(origin)
    meter.enter(.downloading, total: origin.total)
    isReceiving = true
  }

  /// The missing rest; anything else than exactly that makes the parts not fit together.
  private func resume(_ answer: ServerAnswer) throws {
    let isSame = answer.strongETag == nil || answer.strongETag == partial.origin.etag
    guard let range = answer.contentRange, range.start == partial.size, isSame,
      range.total == nil || range.total == partial.origin.total || partial.origin.total == nil
    else {
      throw Setback.startOver(.unexpectedAnswer(host: answer.host, reason: "it sent another part than was asked for"))
    }
    var origin = partial.origin
    origin.total = origin.total ?? range.total
    try checkSpace(for: origin.total)
    try partial.remember(origin)
    meter.enter(.downloading, done: partial.size, total: origin.total)
    isReceiving = true
  }

  private func receive(_ data: Data) throws {
    if let total = partial.origin.total, partial.size + Int64(data.count) > total {
      try partial.startOver()
      throw ModelError.lengthMismatch(
        file: download.request.label, expected: total, received: total + Int64(data.count))
    }
    try partial.append(data)
    meter.update(.downloading, done: partial.size, total: partial.origin.total)
  }

  private func checkSpace(for total: Int64?) throws {
    guard let total, let free = download.freeSpace(partial.url.deletingLastPathComponent()) else { return }
    let missing = total - partial.size - free
    guard missing <= 0 else { throw ModelError.diskFull(path: partial.url.path, missing: missing) }
  }

  private func checkLength() throws {
    meter.update(.downloading, done: partial.size, total: partial.origin.total, force: true)
    guard let total = partial.origin.total, partial.size < total else { return }
    let error = ModelError.lengthMismatch(file: download.request.label, expected: total, received: partial.size)
    throw Setback.again(error, after: nil)
  }

  private func failure(_ error: URLError) -> any Error {
    let host = target.host() ?? target.absoluteString
    switch error.code {
    case .unsupportedURL:
      return ModelError.unexpectedAnswer(host: host, reason: "it does not speak HTTP")
    case .badURL:
      return ModelError.unexpectedAnswer(host: host, reason: "\(target.absoluteString) is not an address")
    case .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
      .serverCertificateNotYetValid, .secureConnectionFailed, .clientCertificateRejected:
      return ModelError.untrusted(host: host, reason: error.localizedDescription)
    // On Linux a certificate has no code of its own, only curl's words.
    case _ where error.localizedDescription.contains("certificate"):
      return ModelError.untrusted(host: host, reason: error.localizedDescription)
    default:
      // A body that ends early is reported as a lost connection; how much is missing says more.
      if isReceiving, let total = partial.origin.total, partial.size < total {
        let error = ModelError.lengthMismatch(file: download.request.label, expected: total, received: partial.size)
        return Setback.again(error, after: nil)
      }
      return Setback.again(.connectionFailed(host: host, reason: error.localizedDescription), after: nil)
    }
  }
}
