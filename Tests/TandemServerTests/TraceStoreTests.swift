import Foundation
import Tandem
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `Stored traces` {
  /// A folder that is there while `body` runs.
  private func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "traces-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }

  @Test func `can be listed and read, and the oldest go`() async throws {
    try await withFolder { folder in
      let store = try TraceStore(folder: folder, limit: 2)
      try await withServer(ServedModels.scripted(count: 3).models, { $0.traces = store }) { server in
        var ids: [String] = []
        for _ in 0..<3 {
          let choices = try await server.chat().json["choices"] as? [[String: Any]]
          ids.append(try #require((choices?.first?["tandem"] as? [String: Any])?["trace"] as? String))
        }
        let list = try await server.send("GET", "/v1/traces").json["data"] as? [[String: Any]]
        #expect(list?.compactMap { $0["id"] as? String } == [ids[2], ids[1]])
        #expect(list?.first?["question"] as? String == "Q" && list?.first?["strategy"] as? String == "large-only")
        let lines = try await server.send("GET", "/v1/traces/\(ids[2])")
        #expect(lines.status == 200)
        #expect(try Trace(lines: lines.body).outcome?.answer == "The answer is 24.")
        #expect(try await server.send("GET", "/v1/traces/\(ids[0])").status == 404)
        #expect(try await server.send("GET", "/v1/traces/..%2F..%2Fetc").status == 404)
      }
      // Another server finds what this one left.
      #expect(try TraceStore(folder: folder, limit: 2).all.count == 2)
    }
  }

  @Test func `that can't be written cost no answer, and are told`() async throws {
    try await withFolder { folder in
      let store = try TraceStore(folder: folder, limit: 2)
      try FileManager.default.removeItem(atPath: folder)
      try Data().write(to: URL(filePath: folder))  // a file in the folder's place
      try await withServer(ServedModels.scripted().models, { $0.traces = store }) { server in
        let found = try await server.chat()
        let choices = found.json["choices"] as? [[String: Any]]
        let error = (choices?.first?["tandem"] as? [String: Any])?["trace_error"] as? String
        #expect(found.status == 200 && error?.contains("can't be stored") == true)
      }
    }
  }

  @Test func `are not there unless asked for`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.send("GET", "/v1/traces")
      #expect(found.status == 404)
    }
  }
}
