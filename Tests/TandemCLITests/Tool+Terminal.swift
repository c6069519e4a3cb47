import Foundation

extension Tool {
  /// The program that runs another one in a pseudo-terminal.
  private static let script = URL(filePath: "/usr/bin/script")
  static var hasTerminal: Bool { FileManager.default.isExecutableFile(atPath: script.path) }

  /// Runs a command in a pseudo-terminal, and returns what that gets as output and errors.
  static func runInTerminal(_ arguments: String...) throws -> String {
    let command = [program("tandem")?.path ?? ""] + arguments
    #if os(Linux)
    let line = command.map { "'\($0)'" }.joined(separator: " ")
    let list = ["-q", "-c", line, "/dev/null"]
    #else
    let list = ["-q", "/dev/null"] + command
    #endif
    return try run(script, list, environment: ["TERM": "xterm", "NO_COLOR": ""]).output
  }
}
