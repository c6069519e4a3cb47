import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The head of a server's answer, read as a file server's.
struct ServerAnswer {
  let status: Int
  private let response: HTTPURLResponse

  init(_ response: HTTPURLResponse) {
    status = response.statusCode
    self.response = response
  }

  func header(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }

  var host: String { response.url?.host() ?? "the server" }

  /// How many bytes the body has, if the server says so.
  var length: Int64? { header("Content-Length").flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 } }

  /// The validator of the bytes; a weak one (`W/…`) does not promise that they are the same.
  var strongETag: String? { header("ETag").flatMap { $0.hasPrefix("\"") ? $0 : nil } }

  /// The SHA-256 in the redirect with which Hugging Face answers for large files.
  var linkedSHA256: String? {
    let etag = header("X-Linked-ETag")?.replacing("W/", with: "").trimmingCharacters(in: ["\""])
    return etag.flatMap { Digest.isSHA256($0) ? $0.lowercased() : nil }
  }

  var linkedSize: Int64? { header("X-Linked-Size").flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 } }

  /// The parts of `Content-Range: bytes 100-199/200` or `bytes */200`.
  var contentRange: (start: Int64?, total: Int64?)? {
    let form = /bytes[ =]*(?:([0-9]+) *- *[0-9]*|\*) *\/ *([0-9]+|\*)/.ignoresCase()
    guard let match = header("Content-Range")?.wholeMatch(of: form) else { return nil }
    return (match.1.flatMap { Int64($0) }, Int64(match.2))
  }

  /// Where a redirect leads to, relative addresses included.
  var redirect: URL? {
    guard [301, 302, 303, 307, 308].contains(status), let location = header("Location") else { return nil }
    return URL(string: location, relativeTo: response.url)?.absoluteURL
  }

  /// Seconds until the server wants to be asked again.
  var retryAfter: Duration? {
    guard let text = header("Retry-After") else { return nil }
    if let seconds = Int(text) { return .seconds(max(0, min(seconds, 1_000_000))) }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return format.date(from: text).map { .seconds(max(0, $0.timeIntervalSinceNow.rounded(.up))) }
  }
}

extension ServerAnswer {
  /// What a status other than success means for the file that was asked for.
  func failure(for request: Download.Request, isFirstHost: Bool) -> any Error {
    // Links to where the bytes lie expire: the next attempt asks for a new one.
    guard isFirstHost || status == 429 || status >= 500 else {
      return Setback.again(.unexpectedAnswer(host: host, reason: "status \(status)"), after: nil)
    }
    let code = header("X-Error-Code") ?? ""
    switch status {
    case 401 where code != "GatedRepo":
      return ModelError.unauthorized(file: request.label, hasToken: request.token != nil)
    case 401, 403:
      return ModelError.gated(repository: request.repository ?? request.label, hasToken: request.token != nil)
    case 404, 410:
      let parts: [String: ModelError.MissingPart] = [
        "RepoNotFound": .repository, "RevisionNotFound": .revision, "EntryNotFound": .file,
      ]
      return ModelError.notFound(parts[code] ?? .unknown, file: request.label)
    case 408, 425:
      return Setback.again(.serverFailed(host: host, status: status), after: retryAfter)
    case 429:
      let seconds = retryAfter.map { Int($0.components.seconds) }
      return Setback.again(.rateLimited(host: host, seconds: seconds), after: retryAfter)
    case 500...:
      return Setback.again(.serverFailed(host: host, status: status), after: retryAfter)
    default:
      return ModelError.unexpectedAnswer(host: host, reason: "status \(status)")
    }
  }
}
