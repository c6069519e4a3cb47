import Crypto
import Foundation
import Testing

@testable import TandemModels

/// A folder that is gone after the test.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "tandem-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }

  func content(_ name: String) -> Data? { try? Data(contentsOf: file(name)) }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// Bytes that are not all the same, so that parts put together wrongly are noticed.
func sample(_ count: Int) -> Data { Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251) }) }

func sha256(_ data: Data) -> String { SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined() }

/// The error that is thrown, as the one that is expected.
func modelError(_ body: () async throws -> Void) async -> ModelError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? ModelError
  }
}

extension Download {
  /// A download from a test's server that does not wait between attempts.
  init(_ server: TestServer, to folder: TemporaryFolder, sha256: String? = nil, token: String? = nil) {
    self.init(
      Request(
        url: server.url(), destination: folder.file("model.gguf"), label: "model.gguf", repository: "owner/repo",
        sha256: sha256, token: token))
    patience.attempts = 3
    patience.firstDelay = .milliseconds(1)
    patience.longestDelay = .seconds(2)
    patience.idleTimeout = 5
  }
}
