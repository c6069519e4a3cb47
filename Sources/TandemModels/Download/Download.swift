package import Foundation
import TandemSupport

/// Fetches one file over HTTP: resumed, retried, verified, and under its name only when it is whole.
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
    /// Goes to the host of `url` only.
    package var token: String?

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
      let lock = try await PartialFile.lock(request.destination) { meter.enter(.waiting) }
      defer { lock.release() }
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
    if !partial.isWhole { try await repeatAttempts(partial, meter) }
    do {
      var outcome = try verified(partial.url, meter, server: partial.origin.sha256)
      outcome.resumed = min(resumed, outcome.bytes)
      try partial.install(as: request.destination)
      return outcome
    } catch let error as ModelError {
      if case .checksumMismatch = error { PartialFile.remove(for: request.destination) }
      throw error
    }
  }

  private func existing(_ meter: ProgressMeter) throws -> Outcome {
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
