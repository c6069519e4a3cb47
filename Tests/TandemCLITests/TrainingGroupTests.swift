import Foundation
import Synchronization
import Testing

/// `tandem train sft` in several processes over the loopback ring.
@Suite(.serialized) struct `Processes that train together` {
  /// A running `tandem`, whose complaints are kept.
  private final class Running: Sendable {
    private let process: Mutex<Process>
    private let errors = Pipe()

    init(_ arguments: [String]) throws {
      let process = Process()
      process.executableURL = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "tandem")
      process.arguments = arguments
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
      try process.run()
      self.process = Mutex(process)
    }

    func send(_ signal: Int32) { _ = process.withLock { kill($0.processIdentifier, signal) } }

    /// Waits for its end.
    var result: (status: Int32, errors: String) {
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      return process.withLock { process in
        process.waitUntilExit()
        return (process.terminationStatus, text)
      }
    }
  }

  /// The lines of a log that do not depend on the clock.
  private struct Line: Decodable {
    let step: Int
    let loss: Double
    let gradientNorm: Double
    let tokens: Int
  }

  private static let ports = Mutex(Int.random(in: 20_000..<32_000))

  /// Two addresses that nobody else is likely to have.
  private func hosts() -> String {
    let port = Self.ports.withLock { port in
      port += 2
      return port
    }
    return "127.0.0.1:\(port),127.0.0.1:\(port + 1)"
  }

  /// Conversations, and the command that trains on them in `folder`, 20 steps of two batches an epoch.
  private func command(_ folder: String, epochs: Int = 1) throws -> [String] {
    let path = "\(folder)/chats.jsonl"
    let lines = (0..<200).map { index in
      #"{"messages": [{"role": "user", "content": "Use \#(index % 9), 7 to make \#(index % 9 + 7)."}, "#
        + #"{"role": "assistant", "content": "<think>\nYes.\n\n</think>\n\nAnswer: \#(index % 9) + 7 = \#(index % 9 + 7)."}]}"#
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    return [
      "train", "sft", "--model", "nano-small", "--data", path, "--batch", "160", "--epochs", "\(epochs)",
      "--learning-rate", "1e-3",
    ]
  }

  private func log(_ folder: String) throws -> [Line] {
    let text = (try? String(contentsOfFile: "\(folder)/log.jsonl", encoding: .utf8)) ?? ""
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  /// Both ranks of a group; the second one has nowhere to write to.
  private func start(_ command: [String], in folder: String, _ hosts: String, second: [String] = []) throws -> [Running]
  {
    let group = command + ["--hosts", hosts]
    return [
      try Running(group + ["--output", folder, "--node-rank", "0"]),
      try Running(group + second + ["--output", "\(folder)/second", "--node-rank", "1"]),
    ]
  }

  /// Waits until `folder` has a log of some steps.
  private func waitForSteps(in folder: String) throws {
    for _ in 0..<1200 {
      if try !log(folder).isEmpty { return }
      usleep(50_000)
    }
    Issue.record("no step was taken within a minute")
  }

  @Test func `come to what one process with twice the batches comes to`() throws {
    try Tool.withTemporaryFile("group") { folder in
      let command = try command(folder)
      let results = try start(command, in: "\(folder)/two", hosts()).map(\.result)
      #expect(results.map(\.status) == [0, 0], "\(results)")
      let one = try Tool.run(list: command + ["--output", "\(folder)/one", "--batches", "2"])
      #expect(one.status == 0, "\(one.errors)")
      let (two, expected) = (try log("\(folder)/two"), try log("\(folder)/one"))
      try #require(two.count > 1 && two.map(\.step) == expected.map(\.step))
      #expect(two.map(\.tokens) == expected.map(\.tokens))
      for (a, b) in zip(two, expected) {
        #expect(abs(a.loss - b.loss) < 1e-4 && abs(a.gradientNorm - b.gradientNorm) < 1e-4)
      }
      #expect(expected[0].loss - expected[expected.count - 1].loss > 0.1, "something should be learnt")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/two/adapter.gguf"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/two/second"), "the first process alone writes")
      // A process of one batch a step comes to something else.
      let other = try Tool.run(list: command + ["--output", "\(folder)/other"])
      try #require(other.status == 0)
      #expect(try abs(log("\(folder)/other")[0].loss - expected[0].loss) > 1e-3)
    }
  }

  @Test func `stop together, and continue from what the first one kept`() throws {
    try Tool.withTemporaryFile("group") { folder in
      let command = try command(folder, epochs: 4)
      let begun = try start(command, in: "\(folder)/two", hosts())
      try waitForSteps(in: "\(folder)/two")
      begun[1].send(SIGINT)
      #expect(begun.map { $0.result.status } == [130, 130])
      let steps = try log("\(folder)/two").count
      let results = try start(command, in: "\(folder)/two", hosts()).map(\.result)
      #expect(results.map(\.status) == [0, 0], "\(results)")
      let one = try Tool.run(list: command + ["--output", "\(folder)/one", "--batches", "2"])
      #expect(one.status == 0, "\(one.errors)")
      let (two, expected) = (try log("\(folder)/two"), try log("\(folder)/one"))
      #expect(steps > 0 && steps < two.count)
      try #require(two.map(\.step) == expected.map(\.step))
      #expect(abs(two[two.count - 1].gradientNorm - expected[two.count - 1].gradientNorm) < 1e-3)
    }
  }

  @Test func `do not wait for ever for one that was killed`() throws {
    try Tool.withTemporaryFile("group") { folder in
      let both = try start(command(folder, epochs: 1000), in: "\(folder)/two", hosts())
      try waitForSteps(in: "\(folder)/two")
      both[1].send(SIGKILL)
      let (status, errors) = both[0].result
      #expect(status == 1)
      #expect(errors.contains("a sum over 2 processes") && errors.contains("Start all of them again"), "\(errors)")
    }
  }

  @Test func `refuse to train different things`() throws {
    try Tool.withTemporaryFile("group") { folder in
      let results = try start(
        command(folder), in: "\(folder)/two", hosts(), second: ["--dropout", "0.2"]
      ).map(\.result)
      #expect(results.map(\.status) == [64, 64], "\(results)")
      #expect(results[0].errors.contains("rank 0 can't train with a rank that has another model"), "\(results[0])")
      #expect(results[1].errors.contains("rank 1 has other options of the adapter than rank 0"), "\(results[1])")
    }
  }

  /// A port of this machine that is taken until its descriptor is closed.
  private func listen() throws -> (descriptor: Int32, number: UInt16) {
    #if os(Linux)
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(descriptor, raw, size) | Foundation.listen(descriptor, 1) | getsockname(descriptor, raw, &size)
      }
    }
    try #require(status == 0)
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  @Test func `say what is wrong with their hosts`() throws {
    try Tool.withTemporaryFile("group") { folder in
      let command = try command(folder) + ["--output", folder]
      let alone = try Tool.run(list: command + ["--hosts", "127.0.0.1:5000", "--node-rank", "0"])
      #expect(alone.status == 64 && alone.errors.contains("hosts must be at least two"), "\(alone.errors)")
      let lost = try Tool.run(list: command + ["--hosts", hosts()])
      #expect(lost.status == 64 && lost.errors.contains("--hosts and --node-rank belong together"), "\(lost.errors)")
      let surroundings = [
        ["MLX_HOSTFILE": "hosts.json"], ["MLX_RANK": "0"], ["MLX_HOSTFILE": "hosts.json", "MLX_RANK": "first"],
      ]
      for environment in surroundings {
        let half = try Tool.run(list: command, environment: environment)
        #expect(half.status == 64 && half.errors.contains("MLX_RANK"), "\(environment): \(half.errors)")
      }
      let port = try listen()
      defer { close(port.descriptor) }
      let second = try Tool.run(
        list: command + ["--hosts", "127.0.0.1:\(port.number),127.0.0.1:5000", "--node-rank", "0"])
      #expect(second.status == 64 && second.errors.contains("Address already in use"), "\(second.errors)")
    }
  }
}
