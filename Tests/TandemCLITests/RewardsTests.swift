import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

@Suite struct `tandem rewards` {
  @Test func `list names all of them`() throws {
    let tool = try Tool.run("rewards", "list", "--json")
    let list = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: [[String: Any]]]
    #expect(list?["rewards"]?.compactMap { $0["name"] as? String }.contains("l1-max") == true)
  }

  @Test func `serve answers over HTTP until it is interrupted, and wants a port of its own`() async throws {
    let server = Process()
    let errors = Pipe()
    server.executableURL = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "tandem")
    server.arguments = ["rewards", "serve", "--port", "0"]
    server.standardError = errors
    try server.run()
    defer { server.terminate() }
    var line = ""
    while !line.contains("\n") {
      let chunk = errors.fileHandleForReading.availableData
      try #require(!chunk.isEmpty, "It ended: \(line)")
      line += String(decoding: chunk, as: UTF8.self)
    }
    let port = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+)/)?.1)
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/v1/rewards")))
    request.httpMethod = "POST"
    request.httpBody = Data(
      #"{"reward": "l1-max", "limit": 400, "groups": [{"budget": 150, "outcomes": [{"length": 100, "isCorrect": true}]}]}"#
        .utf8)
    let (body, _) = try await URLSession.shared.data(for: request)
    let answer = try JSONSerialization.jsonObject(with: body) as? [String: Any]
    #expect((answer?["rewards"] as? [[Double]]) == [[0.0003 * 50 + 0.5]])
    let second = try Tool.run("rewards", "serve", "--port", String(port))
    #expect(second.status == 64 && second.errors.contains("can't listen"), "\(second.errors)")
    server.interrupt()
    server.waitUntilExit()
    #expect(server.terminationReason == .exit && server.terminationStatus == 0)
  }
}
