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

/// A model file of so many bytes, at least 65, that are not all the same: parts put together wrongly are noticed.
func sample(_ count: Int, seed: Int = 0) -> Data {
  sampleHeader(of: count)
    + Data((64..<max(count, 64)).map { UInt8(truncatingIfNeeded: ($0 + seed) &* 31 &+ $0 / 251) })
}

/// The 64 bytes before the only tensor of a model file of so many bytes.
func sampleHeader(
  of count: Int, version: UInt32 = 3, type: UInt32 = 24, tensors: UInt64 = 1, values: UInt64 = 0
) -> Data {
  var header = Data("GGUF".utf8)
  header.append(little: version)
  header.append(little: tensors)
  header.append(little: values)
  header.append(little: UInt64(1))
  header.append(contentsOf: "t".utf8)
  header.append(little: UInt32(1))
  header.append(little: UInt64(count - 64))
  header.append(little: type)
  header.append(little: UInt64(0))
  return header + Data(count: 64 - header.count)
}

extension Data {
  mutating func append<Value: FixedWidthInteger>(little value: Value) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

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
