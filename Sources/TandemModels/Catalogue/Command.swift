import Foundation
import Subprocess
import TandemSupport

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Another program, run to its end in an empty folder of its own: nothing that lies in the current one can be taken
/// for a part of the program.
struct Command: Sendable {
  /// Searched for in the absolute folders of `PATH`, never in the current one.
  let program: String
  let arguments: [String]
  let environment: [String: String]
  /// Files that the program finds in its folder, by name.
  var files: [String: String] = [:]

  /// Ends the program and throws `CancellationError` when the task is cancelled; throws `SubprocessError` for a program
  /// that can't be run.
  func run() async throws -> CommandResult {
    try Task.checkCancellation()
    let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    } catch {
      throw ModelError.notWritable(path: folder.path, reason: error.systemReason)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let values = environment.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } }
    let result = try await Subprocess.run(
      .name(program), arguments: Arguments(arguments), environment: .custom(Dictionary(values) { $1 }),
      workingDirectory: FilePath(folder.path), platformOptions: options, output: .discarded,
      error: .string(limit: 16 << 20))
    try Task.checkCancellation()
    return CommandResult(isSuccess: result.terminationStatus.isSuccess, errors: result.standardError)
  }
}

/// How a program ended.
struct CommandResult: Sendable {
  let isSuccess: Bool
  let errors: String

  /// The end of what the program wrote, which is where the reason stands.
  var lastErrors: String {
    let lines = errors.withoutSecrets.split(separator: "\n").suffix(4).joined(separator: " ")
    return lines.isEmpty ? "it failed without a word" : String(lines.suffix(600))
  }
}
