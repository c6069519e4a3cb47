import Foundation

extension Tool {
  /// Runs a command whose output and errors go to a pseudo-terminal, and returns what that gets.
  static func runInTerminal(_ arguments: String...) throws -> String {
    let main = posix_openpt(O_RDWR | O_NOCTTY)
    guard main >= 0, grantpt(main) == 0, unlockpt(main) == 0, let name = ptsname(main) else {
      throw POSIXError(.ENOTTY)
    }
    let side = open(name, O_RDWR | O_NOCTTY)
    let process = Process()
    process.executableURL = program("tandem")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm", "NO_COLOR": ""]) { $1 }
    let terminal = FileHandle(fileDescriptor: side)
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (terminal, terminal)
    try process.run()
    close(side)
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    // On Linux, the end is an error.
    while case let count = read(main, &buffer, buffer.count), count > 0 { output += buffer.prefix(count) }
    close(main)
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
