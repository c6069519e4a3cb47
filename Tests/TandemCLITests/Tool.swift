import Foundation

/// The built `tandem`, run as a user would.
struct Tool {
  var status: Int32
  var output: String
  var errors: String

  /// Models that are pulled, not built in, are looked for where the scripts keep them.
  static let smolLM2 = ProcessInfo.processInfo.environment["TANDEM_MODELS"].map {
    $0 + "/SmolLM2-135M-Instruct.Q4_1.gguf"
  }
  static var hasSmolLM2: Bool { smolLM2.map { FileManager.default.fileExists(atPath: $0) } ?? false }

  /// Runs a command to its end.
  ///
  /// - Parameter interrupt: Called with what was printed so far, again and again; true sends an interrupt, once.
  static func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:],
    interruptWhen interrupt: ((String) -> Bool)? = nil
  ) throws -> Tool {
    try run(list: arguments, input: input, environment: environment, interruptWhen: interrupt)
  }

  static func run(
    list arguments: [String], input: String = "", environment: [String: String] = [:],
    interruptWhen interrupt: ((String) -> Bool)? = nil
  ) throws -> Tool {
    try run(program("tandem"), arguments, input: input, environment: environment, interruptWhen: interrupt)
  }

  /// A program that was built with the tests.
  static func program(_ name: String) -> URL? {
    Bundle.main.executableURL?.deletingLastPathComponent().appending(path: name)
  }

  static func run(
    _ program: URL?, _ arguments: [String], input: String = "", environment: [String: String] = [:],
    interruptWhen interrupt: ((String) -> Bool)? = nil
  ) throws -> Tool {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    var output = Data()
    var isInterrupted = interrupt == nil
    while let chunk = try stdout.fileHandleForReading.read(upToCount: 64), !chunk.isEmpty {
      output += chunk
      if !isInterrupted, interrupt?(String(decoding: output, as: UTF8.self)) == true {
        isInterrupted = true
        process.interrupt()
      }
    }
    let errors = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Tool(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self))
  }

  /// A path in a new folder, which is removed afterwards.
  static func withTemporaryFile<R>(_ name: String, _ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appending(path: name).path)
  }
}
