package import Foundation
import TandemSupport

/// Fetches one model file over HTTP: resumed, retried, verified, and under its name only when it is whole.
package struct Download: Sendable {
  /// What is asked for.
  package struct Request: Sendable {
    package var url: URL
    package var destination: URL
    /// How the user called it.
    package var label: String
    /// `OWNER/REPO`, for the page with its terms.
    package var repository: String?
    /// The digest it must have; overrules what the server says.
    package var sha256: String?
    /// The digest that the server promised when it was asked for the file's identity.
    package var promisedSHA256: String?
    /// Sent to the host and port of `url` only.
    package var token: String?
    /// The file to lock; nil for one beside the destination.
    package var lock: URL?

    package init(
      url: URL, destination: URL, label: String, repository: String? = nil, sha256: String? = nil, token: String? = nil
    ) {
      self.url = url
      self.destination = destination
      self.label = label
      self.repository = repository
      self.sha256 = sha256
      self.token = token
    }
  }

  /// How patient it is.
  package struct Patience: Sendable {
    /// Attempts in a row that bring next to nothing.
    package var attempts = 5
    package var firstDelay = Duration.seconds(1)
    /// A server that wants a longer pause than this is left alone.
    package var longestDelay = Duration.seconds(60)
    /// Seconds without a single byte.
    package var idleTimeout: TimeInterval = 60
    /// An attempt that brought as many bytes was worth it.
    package var worthwhile: Int64 = 1 << 20

    package init() {}
  }

  package struct Outcome: Sendable, Hashable {
    package var bytes: Int64
    package var sha256: String
    package var verification: Verification
    /// Bytes that an earlier pull had left.
    package var resumed: Int64
  }

  package var request: Request
  package var patience = Patience()
  package var progress: @Sendable (PullProgress) -> Void = { _ in }
  /// Replaced by tests.
  package var freeSpace: @Sendable (URL) -> Int64? = PartialFile.freeSpace

  package init(_ request: Request) { self.request = request }

  /// Throws `ModelError`, cancellation included; what has arrived stays unless it is known to be wrong.
  package func run() async throws -> Outcome {
    let meter = ProgressMeter(file: request.label, report: progress)
    do {
      let path = request.lock ?? PartialFile.lockURL(for: request.destination)
      let lock = try await PartialFile.lock(path) { meter.enter(.waiting) }
      // The Python client takes a lock without looking whether its file is still there, so that one stays.
      defer { lock.release(leavingFile: request.lock != nil) }
      // Somebody else may have fetched it while we waited.
      if ModelStore.exists(request.destination) { return try existing(meter) }
      return try await fetch(meter)
    } catch is CancellationError {
      let kept = try? FileManager.default.attributesOfItem(atPath: PartialFile.url(for: request.destination).path)
      throw ModelError.cancelled(file: request.label, kept: (kept?[.size] as? NSNumber)?.int64Value ?? 0)
    }
  }

  private func fetch(_ meter: ProgressMeter) async throws -> Outcome {
    let partial = try PartialFile(for: request.destination)
    let resumed = partial.isResumable ? partial.size : 0
    do {
      if !partial.isWhole { try await repeatAttempts(partial, meter) }
      var outcome = try verified(partial.url, meter, server: request.promisedSHA256 ?? partial.origin.sha256)
      try checkWhole(partial, outcome)
      outcome.resumed = min(resumed, outcome.bytes)
      try partial.install(as: request.destination)
      return outcome
    } catch let error as ModelError {
      if case .checksumMismatch = error { PartialFile.remove(for: request.destination) }
      if partial.size == 0 { PartialFile.remove(for: request.destination) }
      throw error
    }
  }

  /// Throws `unexpectedAnswer` for what is no model, or not all of one; without a digest, for more than one as well.
  private func checkWhole(_ partial: PartialFile, _ outcome: Outcome) throws(ModelError) {
    var reason = ModelFile.fault(in: partial.url)
    if reason == nil, outcome.verification == .none, let longest = (try? ModelFile(partial.url))?.longestByteCount,
      outcome.bytes > longest
    {
      reason = "it ends \(outcome.bytes - longest) bytes after its last tensor"
    }
    guard let reason else { return }
    try partial.startOver()
    throw .noModel(host: request.url.host() ?? "", reason)
  }

  private func existing(_ meter: ProgressMeter) throws -> Outcome {
    if let reason = ModelFile.fault(in: request.destination) {
      throw ModelError.damaged(path: request.destination.path, reason: reason)
    }
    do {
      return try verified(request.destination, meter)
    } catch ModelError.checksumMismatch(_, let expected, let actual) {
      throw ModelError.installedDiffers(path: request.destination.path, expected: expected, actual: actual)
    }
  }

  private func verified(_ file: URL, _ meter: ProgressMeter, server: String? = nil) throws -> Outcome {
    let size = (try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? NSNumber)?.int64Value ?? 0
    meter.enter(.verifying, total: size)
    let actual = try Digest.sha256(of: file) { meter.update(.verifying, done: $0, total: size) }
    if let expected = request.sha256?.lowercased() ?? server, expected != actual {
      throw ModelError.checksumMismatch(file: request.label, expected: expected, actual: actual)
    }
    let verification: Verification = request.sha256 != nil ? .pinned : server != nil ? .server : .none
    return Outcome(bytes: size, sha256: actual, verification: verification, resumed: 0)
  }
}

/// What the digest of a fetched file was compared with.
public enum Verification: String, Sendable, Hashable, Codable {
  /// With the one that Tandem or the user named.
  case pinned
  /// With the one that the server named.
  case server
  /// With nothing: nobody named one.
  case none
}

extension ModelError {
  /// A server's answer that is no model; `reason` begins with "it".
  static func noModel(host: String, _ reason: String) -> Self {
    .unexpectedAnswer(host: host, reason: "what it sent is not a whole model: \(reason)")
  }
}
