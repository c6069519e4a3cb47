import Foundation

/// Runs Python, which the scripts of this project need as well.
enum Python {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What `script` prints as JSON; modules are looked for in `folder`.
  ///
  /// Throws where python3 is not there, or ends with an error.
  static func run<Result: Decodable>(_ script: String, in folder: String, as type: Result.Type) throws -> Result {
    let (process, output, errors) = (Process(), Pipe(), "\(folder)/errors.txt")
    guard FileManager.default.createFile(atPath: errors, contents: nil) else {
      throw Failure(description: "\(errors) can't be written")
    }
    try Data(script.utf8).write(to: URL(filePath: "\(folder)/script.py"))
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "error", "script.py"]
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    // `env` ends with 127 where it can't find the program.
    guard process.terminationStatus != 127 else {
      throw Failure(description: "python3 is not in PATH; these tests compare its numbers with Swift's")
    }
    guard process.terminationStatus == 0 else {
      throw Failure(description: try String(contentsOfFile: errors, encoding: .utf8))
    }
    return try JSONDecoder().decode(type, from: data)
  }
}
