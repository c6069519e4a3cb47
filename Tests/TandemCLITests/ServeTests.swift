import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A `tandem serve` that runs as long as the value is held.
final class ServedTool {
  private let process = Process()
  let address: String
  private(set) var started = ""

  /// Returns once it listens.
  init(_ arguments: String...) throws {
    let errors = Pipe()
    process.executableURL = Tool.program("tandem")
    process.arguments = ["serve", "--port", "0", "--log", "none"] + arguments
    process.standardError = errors
    try process.run()
    while !started.contains("Listening on ") || started.last != "\n" {
      let chunk = errors.fileHandleForReading.availableData
      try #require(!chunk.isEmpty, "It ended: \(started)")
      started += String(decoding: chunk, as: UTF8.self)
    }
    address = String(try #require(started.firstMatch(of: /Listening on (\S+):\s/)?.1))
  }

  deinit { process.terminate() }

  func ask(_ path: String, _ body: String? = nil, headers: [String: String] = [:]) async throws -> (Int, String) {
    var request = URLRequest(url: try #require(URL(string: address + path)))
    request.httpMethod = body == nil ? "GET" : "POST"
    request.httpBody = body.map { Data($0.utf8) }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }

  /// Its status, after a signal that asks it to stop.
  func stop() -> Int32 {
    process.interrupt()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

@Suite struct `tandem serve` {
  private let question = #"{"model": "nano", "messages": [{"role": "user", "content": "Use 3, 7, 5, 2 to make 24."}]}"#

  @Test func `answers with the built-in pair until it is interrupted`() async throws {
    let server = try ServedTool()
    let (status, body) = try await server.ask("/v1/chat/completions", question)
    #expect(status == 200 && body.contains("reasoning_content"), "\(body)")
    #expect(try await server.ask("/metrics").1.contains(#"tandem_tokens_total{kind="thinking",model="nano""#))
    let second = try Tool.run("serve", "--port", String(server.address.split(separator: ":")[2]))
    #expect(second.status == 69 && second.errors.contains("can't listen") && second.errors.contains("--port"))
    #expect(!second.errors.contains("Loading"), "It loaded models first: \(second.errors)")
    #expect(server.stop() == 0)
  }

  @Test func `lets only holders of a key in, where there are keys`() async throws {
    try await withFile("keys.yaml", "keys:\n  - name: me\n    key: a-key-of-16-letters\n") { path in
      let server = try ServedTool("--keys", path, "--host", "0.0.0.0")
      #expect(try await server.ask("/v1/models").0 == 401)
      #expect(try await server.ask("/v1/models", headers: ["x-api-key": "a-key-of-16-letters"]).0 == 200)
    }
  }

  @Test func `serves several pairs and names of their own from a file, and prints it with all defaults`() async throws {
    let yaml = """
      parallel: 2
      limits: {thinkingTokens: 100}
      pairs:
        - name: both
          preset: nano
        - name: one
          large: nano-large
          strategy: large-only
      models:
        - name: quick
          pair: one
          limits: {thinkingTokens: 10, answerTokens: 20}
      aliases: {gpt-4o: both}
      """
    try await withFile("server.yaml", yaml) { path in
      let printed = try Tool.run("serve", "--config", path, "--ctx-size", "400", "--print-config")
      #expect(printed.status == 0, "\(printed.errors)")
      #expect(printed.output.contains("contextSize: 400") && printed.output.contains("thinkingTokens: 100"))
      try await withFile("again.yaml", printed.output) { again in
        let same = try Tool.run("serve", "--config", again, "--print-config")
        #expect(same.output == printed.output, "\(same.errors)")
      }
      let estimate = try Tool.run("serve", "--config", path, "--estimate-only")
      #expect(estimate.output.contains("In all at most") && estimate.output.contains("nano-small.gguf"))
      let server = try ServedTool("--config", path)
      let models = try await server.ask("/v1/models").1
      for name in ["both", "one", "quick", "both/speculative-thinking"] {
        #expect(models.contains(#""id":"\#(name)""#), "\(name): \(models)")
      }
      #expect(!models.contains(#""id":"one/small-only""#))
      let (status, body) = try await server.ask(
        "/v1/chat/completions", question.replacing("nano", with: "quick"))
      #expect(status == 200 && body.contains(#""strategy":"large-only""#), "\(body)")
      #expect(try await server.ask("/v1/chat/completions", question.replacing("nano", with: "gpt-4o")).0 == 200)
    }
  }

  @Test(arguments: [
    ("prot: 1\n", "Did you mean 'port'?"), ("pairs:\n  - presett: nano\n", "Did you mean 'preset'?"),
    ("pairs: [nano, nano]\n", "nano is there twice"), ("aliases: {a: nanoo}\n", "the nearest name is 'nano'"),
    ("models:\n  - name: x\n    strategy: large-onyl\n", "the nearest name is 'large-only'"),
    ("strategies: [large-onyl]\n", "Did you mean 'large-only'?"), ("parallel: many\n", "parallel"),
    ("origins: [chat.example]\n", "https://chat.example"), ("keepTraces: 5\n", "keepTraces"),
  ])
  func `says what is wrong in a file before it loads anything`(yaml: String, message: String) throws {
    try Tool.withTemporaryFile("server.yaml") { path in
      try yaml.write(toFile: path, atomically: true, encoding: .utf8)
      let tool = try Tool.run("serve", "--config", path, "--estimate-only")
      #expect([64, 65].contains(tool.status) && tool.errors.contains(message), "\(tool.status): \(tool.errors)")
    }
  }

  @Test(arguments: [
    (["--host", "0.0.0.0"], 64, "--insecure"), (["--small", "no-such.gguf"], 66, "no-such.gguf"),
    (["--keys", "no-such.yaml"], 66, "no-such.yaml"), (["--tls-cert", "no-such.pem"], 64, "--tls-cert"),
    (["--port", "70000"], 64, "--port"), (["--alias", "x"], 64, "--alias"),
    (["--tls-cert", "no-such.pem", "--tls-key", "no-such.pem"], 65, "no-such.pem"),
  ])
  func `refuses flags that make no sense`(flags: [String], status: Int32, message: String) throws {
    let tool = try Tool.run(list: ["serve", "--estimate-only"] + flags)
    #expect(tool.status == status && tool.errors.contains(message), "\(tool.status): \(tool.errors)")
  }

  private func withFile(_ name: String, _ text: String, _ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try await body(path)
  }
}
