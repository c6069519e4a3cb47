import Foundation
import TandemInference
import TandemLlama
import TandemRemote
import Testing

/// A real llama-server with a nano model, ended with this process.
final class LlamaServer: @unchecked Sendable {
  // Sendable although it holds a Process, which is only started and terminated.
  private let process = Process()
  private let input = Pipe()
  let port: Int
  let model: String

  /// The interpreter that has xllamacpp; nil if `scripts/test` could not install it.
  static let python: String? = {
    let path = ProcessInfo.processInfo.environment["TANDEM_REMOTE_PYTHON"] ?? root + "/.deps/remote/bin/python"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  static var isThere: Bool { python != nil }
  static let reason: Comment = "xllamacpp, which has llama-server, is not in .deps/remote: ./scripts/test installs it"

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static func nano(_ name: String) -> String { root + "/Sources/TandemModels/Nano/\(name).gguf" }

  init(_ name: String, _ arguments: String...) throws {
    model = name
    process.executableURL = URL(filePath: Self.python ?? "/usr/bin/false")
    process.arguments = [Self.root + "/scripts/remote/llama_server.py", Self.nano(name)] + arguments
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw EngineError.unreachable(server: name, reason: "it ended before it listened") }
      line += more
    }
    guard let port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw EngineError.badResponse(server: name, reason: String(decoding: line, as: UTF8.self))
    }
    self.port = port
  }

  deinit { kill() }

  func kill() { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

  var address: String { "http://127.0.0.1:\(port)/v1#\(model)" }

  func connect(_ options: RemoteOptions = RemoteOptions(), parallel: Int = 4) async throws -> RemoteModel {
    let vocabulary = try LlamaVocabulary(path: Self.nano(model))
    return try await RemoteModel.connect(
      to: RemoteAddress(parsing: address), options: options, parallel: parallel,
      vocabulary: RemoteVocabulary(tokenizer: vocabulary.tokenizer, template: vocabulary.template))
  }
}

/// The servers of this process, each started once.
actor Servers {
  static let shared = Servers()
  private var servers: [String: LlamaServer] = [:]

  func server(_ name: String) throws -> LlamaServer {
    if let server = servers[name] { return server }
    let server = try LlamaServer(name)
    servers[name] = server
    return server
  }
}
