import Foundation
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What a hub says about a file before it sends it: the commit that it is part of, and a name for its contents.
struct HubIdentity: Sendable, Hashable {
  let commit: String
  /// For large files their SHA-256.
  let etag: String

  /// Nil for a server that names no commit, or one that can't be a part of a path.
  fileprivate init?(_ answer: ServerAnswer) {
    let tag = (answer.header("X-Linked-ETag") ?? answer.header("ETag"))?.replacing(/^W\//, with: "")
    guard let commit = answer.header("X-Repo-Commit"), commit.wholeMatch(of: /[0-9a-f]{40}/) != nil,
      let etag = tag?.trimmingCharacters(in: ["\""]), etag.wholeMatch(of: /[0-9A-Za-z_-]{1,128}/) != nil
    else { return nil }
    self.commit = commit
    self.etag = etag
  }

  /// The digest of the contents, if the server names it.
  var sha256: String? { Digest.isSHA256(etag) ? etag.lowercased() : nil }
}

extension HubIdentity {
  /// Asks a hub for the identity of a file; nil if the server is none, or fails in a way that the download itself will
  /// report better. Throws `ModelError` for a server that is busy for too long.
  static func ask(_ request: Download.Request, _ patience: Download.Patience) async throws -> Self? {
    for attempt in 1... {
      do {
        return try await askOnce(request, patience)
      } catch Setback.again(let error, let wanted) {
        let delay = wanted ?? patience.firstDelay * Int(1 << min(attempt - 1, 6))
        guard attempt < patience.attempts, delay <= patience.longestDelay else { throw error }
        try await Task.sleep(for: delay)
      } catch is URLError {
        return nil
      }
    }
    return nil
  }

  private static func askOnce(_ request: Download.Request, _ patience: Download.Patience) async throws -> Self? {
    var target = request.url
    for _ in 0..<5 {
      var question = URLRequest(url: target.withoutUser)
      question.httpMethod = "HEAD"
      question.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
      question.setValue("tandem", forHTTPHeaderField: "User-Agent")
      question.authorize(for: request.url, token: request.token)
      let answers = Mutex(Answer?.none)
      try await HTTPExchange.run(
        question, idleTimeout: patience.idleTimeout,
        onHead: { response in
          answers.withLock { $0 = Answer(ServerAnswer(response), for: request) }
          return false
        }, onBody: { _ in })
      switch answers.withLock({ $0 }) {
      case .identity(let identity): return identity
      // A repository that was renamed; another server has no say in what a file is.
      case .redirect(let next) where next.isSameServer(as: request.url): target = next
      case .busy(let setback): throw setback
      case .redirect, .unknown, nil: return nil
      }
    }
    return nil
  }

  private enum Answer {
    case identity(HubIdentity)
    case redirect(URL)
    case busy(Setback)
    case unknown

    init(_ answer: ServerAnswer, for request: Download.Request) {
      if (200..<400).contains(answer.status), let identity = HubIdentity(answer) {
        self = .identity(identity)
      } else if let redirect = answer.redirect {
        self = .redirect(redirect)
      } else if answer.status != 501, let setback = answer.failure(for: request, isFirstHost: true) as? Setback {
        self = .busy(setback)
      } else {
        self = .unknown
      }
    }
  }
}
