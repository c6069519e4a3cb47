import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One request for what is still missing, redirects included.
///
/// Used by one exchange at a time, hence unchecked.
final class DownloadAttempt: @unchecked Sendable {
  let download: Download
  let partial: PartialFile
  let meter: ProgressMeter
  private(set) var target: URL
  private var next: URL?
  private(set) var isReceiving = false
  /// Whether what arrives is appended to what an earlier attempt left.
  private(set) var isResumed = false
  private var linked: (sha256: String?, size: Int64?) = (nil, nil)
  /// A whole file of which fewer than four bytes have arrived: too few to tell whether it is a model, and until then
  /// what is on the disk stays.
  var beginning: (origin: PartialFile.Origin, bytes: Data)?
  /// What the header says, as soon as all of it is here.
  var model: ModelFile?
  /// How many bytes have to be here before the header is looked for again.
  var nextLook: Int64 = 0

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
    throw ModelError.unexpectedAnswer(host: host, reason: "it redirects in a circle")
  }

  var host: String { target.host() ?? "the server" }

  private var isFirstHost: Bool {
    target.isSameServer(as: download.request.url)
  }

  private func makeRequest() -> URLRequest {
    var request = URLRequest(url: isFirstHost ? target.withoutUser : target)
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("tandem", forHTTPHeaderField: "User-Agent")
    if partial.isResumable {
      request.setValue("bytes=\(partial.size)-", forHTTPHeaderField: "Range")
      request.setValue(partial.origin.etag, forHTTPHeaderField: "If-Range")
    }
    // The token is the secret of the first host alone.
    if isFirstHost { request.authorize(for: download.request.url, token: download.request.token) }
    return request
  }

  /// Reads the head of an answer, and says whether its body belongs to the file.
  private func receive(_ answer: ServerAnswer) throws -> Bool {
    if isFirstHost {
      linked = (answer.linkedSHA256 ?? linked.sha256, answer.linkedSize ?? linked.size)
    }
    if let redirect = answer.redirect {
      guard target.mayRedirect(to: redirect) else {
        let scheme = redirect.scheme?.lowercased() ?? "nowhere"
        throw ModelError.unexpectedAnswer(host: answer.host, reason: "it redirects to \(scheme)")
      }
      next = redirect
      return false
    }
    switch answer.status {
    // A mirror may send the rest as if it were the whole file; only the range says so.
    case 200 where (answer.contentRange?.start ?? 0) > 0: try resume(answer)
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
    if let length = answer.length, let size = linked.size, length != size {
      throw ModelError.lengthMismatch(file: download.request.label, expected: size, received: length)
    }
    let origin = PartialFile.Origin(
      etag: answer.strongETag, total: answer.length ?? linked.size, sha256: linked.sha256,
      label: download.request.label)
    try checkSpace(for: origin.total)
    beginning = (origin, Data())
    meter.enter(.downloading, total: origin.total)
    isReceiving = true
  }

  /// The missing rest, and nothing else: other parts would not fit together.
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
    (isReceiving, isResumed) = (true, true)
  }

  func checkSpace(for total: Int64?) throws {
    guard let total, let free = download.freeSpace(partial.url.deletingLastPathComponent()) else { return }
    let missing = total - partial.size - free
    guard missing <= 0 else { throw ModelError.diskFull(path: partial.url.path, missing: missing) }
  }
}
